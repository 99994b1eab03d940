package io.kad.transport.netty.multistream;

import static io.kad.transport.netty.multistream.EncodedMessages.messages;
import static io.kad.transport.netty.support.Wire.channel;
import static io.kad.transport.netty.support.Wire.deliver;
import static io.kad.transport.netty.support.Wire.exchange;
import static io.kad.transport.netty.support.Wire.join;
import static io.kad.transport.netty.support.Wire.leaked;
import static io.kad.transport.netty.support.Wire.pass;
import static io.kad.transport.netty.support.Wire.sent;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.transport.netty.multistream.NegotiationException.Reason;
import io.kad.transport.netty.support.Sink;
import io.kad.transport.netty.support.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultistreamTest {
    private static final String HEADER = "/multistream/1.0.0";
    private static final String KAD = "/ipfs/kad/1.0.0";
    private static final String PING = "/ipfs/ping/1.0.0";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Sink dialerSink = new Sink();
    private final Sink listenerSink = new Sink();
    private final RecordedNegotiation dialerResult = new RecordedNegotiation();
    private final RecordedNegotiation listenerResult = new RecordedNegotiation();

    @AfterEach
    void releaseEverything() {
        Wire.assertNothingLeaked();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void theFirstProposalThatIsSupportedIsChosen(int segmentSize) {
        EmbeddedChannel dialer = channel(eager("/unknown/1", "/unknown/2", KAD, PING));
        EmbeddedChannel listener = channel(listener(PING, KAD));
        exchange(dialer, listener, segmentSize);
        dialerResult.assertAgreed(KAD);
        listenerResult.assertAgreed(KAD);
        assertThat(dialer.pipeline().get(MultistreamDialer.class)).isNull();
        assertThat(listener.pipeline().get(MultistreamResponder.class)).isNull();
        dialer.writeOutbound(text("request"));
        exchange(dialer, listener, segmentSize);
        assertThat(listenerSink.received()).isEqualTo(bytes("request"));
    }

    @Test
    void theListenerSendsItsHeaderBeforeItHasReadAnything() {
        assertThat(sent(channel(listener(KAD)))).isEqualTo(messages(HEADER));
    }

    @Test
    void theDialerSendsHeaderAndFirstProposalTogether() {
        EmbeddedChannel dialer = channel(eager(KAD, PING));
        ByteBuf first = dialer.readOutbound();
        assertThat(ByteBufUtil.getBytes(first)).isEqualTo(messages(HEADER, KAD));
        first.release();
        deliver(dialer, messages(HEADER, "na"));
        assertThat(sent(dialer)).isEqualTo(messages(PING));
    }

    /** go-libp2p sends its header before it has read anything, rust-libp2p and js-libp2p together with their first answer. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theHeaderOfTheListenerMayComeBeforeItsAnswer(boolean before) {
        EmbeddedChannel eager = channel(eager(KAD, PING));
        EmbeddedChannel lazy = channel(MultistreamDialer.lazy(KAD, (c, p) -> {}, listenerResult, TIMEOUT));
        for (EmbeddedChannel dialer : List.of(eager, lazy)) {
            if (before) {
                deliver(dialer, messages(HEADER));
            } else {
                sent(dialer);
            }
        }
        dialerResult.assertPending();
        listenerResult.assertPending();
        deliver(eager, before ? messages("na", PING) : messages(HEADER, "na", PING));
        dialerResult.assertAgreed(PING);
        deliver(lazy, before ? messages(KAD) : messages(HEADER, KAD));
        listenerResult.assertAgreed(KAD);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void bytesAfterAnAgreementReachTheNextHandlers(int segmentSize) {
        EmbeddedChannel listener = channel(listener(KAD));
        deliver(listener, join(messages(HEADER, KAD), bytes("request")), segmentSize);
        assertThat(listenerSink.received()).isEqualTo(bytes("request"));
        listenerResult.assertAgreed(KAD);

        EmbeddedChannel dialer = channel(eager(KAD));
        deliver(dialer, join(messages(HEADER, KAD), bytes("response")), segmentSize);
        assertThat(dialerSink.received()).isEqualTo(bytes("response"));
        dialerResult.assertAgreed(KAD);
    }

    @Test
    void aLazyDialerSendsItsRequestWithTheProposal() {
        EmbeddedChannel dialer = channel(lazyWithRequest());
        assertThat(sent(dialer)).isEqualTo(join(messages(HEADER, KAD), bytes("request")));
        dialerResult.assertPending();
    }

    @Test
    void aLazyDialerFlushesItsProposalEvenIfNothingElseIsWritten() {
        assertThat(sent(channel(lazy()))).isEqualTo(messages(HEADER, KAD));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1000})
    void aLazyDialerPassesOnOnlyBytesAfterTheAgreement(int segmentSize) {
        EmbeddedChannel dialer = channel(lazyWithRequest());
        deliver(dialer, messages(HEADER), segmentSize);
        deliver(dialer, messages(KAD), segmentSize);
        dialerResult.assertAgreed(KAD);
        assertThat(dialerSink.received()).isEmpty();
        deliver(dialer, bytes("response"), segmentSize);
        assertThat(dialerSink.received()).isEqualTo(bytes("response"));
    }

    @Test
    void nothingReachesTheHandlersOfALazyDialerThatIsRefused() {
        EmbeddedChannel dialer = channel(lazyWithRequest());
        deliver(dialer, join(messages(HEADER, "na"), bytes("response")));
        dialerResult.assertFailed(Reason.REFUSED);
        assertThat(dialerSink.received()).isEmpty();
        assertThat(dialer.isOpen()).isFalse();
    }

    @Test
    void aLazyDialerReadsTheAgreementWithoutAutoRead() {
        EmbeddedChannel dialer = channel();
        dialer.config().setAutoRead(false);
        ReadCounter reads = new ReadCounter();
        dialer.pipeline().addLast(reads, lazy());
        dialer.runPendingTasks();
        assertThat(reads.count).isOne();
        deliver(dialer, messages(HEADER));
        assertThat(reads.count).isEqualTo(2);
        deliver(dialer, messages(KAD));
        assertThat(reads.count).isEqualTo(3);
        deliver(dialer, bytes("response"));
        assertThat(reads.count).isEqualTo(3);
        assertThat(dialerSink.received()).isEqualTo(bytes("response"));
    }

    @Test
    void aDialerWhoseProposalsAreAllRefusedFails() {
        EmbeddedChannel dialer = channel(eager("/a", "/b"));
        EmbeddedChannel listener = channel(listener(KAD));
        exchange(dialer, listener, 1000);
        dialerResult.assertFailed(Reason.REFUSED);
        assertThat(dialer.isOpen()).isFalse();
        listenerResult.assertPending();
    }

    @Test
    void aListIsRefused() {
        EmbeddedChannel listener = channel(listener(KAD));
        deliver(listener, messages(HEADER, "ls", KAD));
        assertThat(sent(listener)).isEqualTo(messages(HEADER, "na", KAD));
        listenerResult.assertAgreed(KAD);
    }

    @Test
    void sixteenRefusalsAreTheLimit() {
        String[] unknown = IntStream.range(0, 16).mapToObj(i -> "/unknown/" + i).toArray(String[]::new);
        EmbeddedChannel tolerant = channel(listener(KAD));
        deliver(tolerant, join(messages(HEADER), messages(unknown), messages(KAD)));
        listenerResult.assertAgreed(KAD);

        RecordedNegotiation result = new RecordedNegotiation();
        EmbeddedChannel strict = channel(new MultistreamResponder(protocols(KAD), result, TIMEOUT));
        deliver(strict, join(messages(HEADER), messages(unknown), messages("/unknown/16", KAD)));
        result.assertFailed(Reason.LIMIT);
        assertThat(strict.isOpen()).isFalse();
    }

    @Test
    void eightKibibytesAreTheLimit() {
        int most = 8 * 1024 - messages(HEADER).length - messages(KAD).length;
        EmbeddedChannel tolerant = channel(listener(KAD));
        deliver(tolerant, join(messages(HEADER), filling(most), messages(KAD)));
        listenerResult.assertAgreed(KAD);

        RecordedNegotiation result = new RecordedNegotiation();
        EmbeddedChannel strict = channel(new MultistreamResponder(protocols(KAD), result, TIMEOUT));
        deliver(strict, join(messages(HEADER), filling(most + 1), messages(KAD)));
        result.assertFailed(Reason.LIMIT);
    }

    /** Read as the length of a message, the first byte makes it wait for 100 bytes. */
    @Test
    void theFirstByteThatIsNotOfTheHeaderClosesTheConnection() {
        EmbeddedChannel listener = channel(listener(KAD));
        deliver(listener, new byte[] {100});
        listenerResult.assertFailed(Reason.MALFORMED);

        EmbeddedChannel dialer = channel(eager(KAD));
        deliver(dialer, join(Arrays.copyOf(messages(HEADER), 10), new byte[] {'x'}), 1);
        dialerResult.assertFailed(Reason.MALFORMED);
    }

    @Test
    void aRemoteThatDoesNotBeginWithTheHeaderIsClosed() {
        EmbeddedChannel listener = channel(listener(KAD));
        deliver(listener, messages(KAD));
        listenerResult.assertFailed(Reason.MALFORMED);
        assertThat(listener.isOpen()).isFalse();

        EmbeddedChannel dialer = channel(eager(KAD));
        deliver(dialer, messages(KAD));
        dialerResult.assertFailed(Reason.MALFORMED);
        assertThat(dialer.isOpen()).isFalse();
    }

    @Test
    void aSecondHeaderIsAnError() {
        EmbeddedChannel listener = channel(listener(KAD));
        deliver(listener, messages(HEADER, HEADER));
        listenerResult.assertFailed(Reason.MALFORMED);

        EmbeddedChannel dialer = channel(eager(KAD));
        deliver(dialer, messages(HEADER, HEADER));
        dialerResult.assertFailed(Reason.MALFORMED);
    }

    @Test
    void aMismatchedResponseIsAnError() {
        EmbeddedChannel dialer = channel(eager(KAD, PING));
        deliver(dialer, messages(HEADER, PING));
        dialerResult.assertFailed(Reason.MALFORMED);
        assertThat(dialer.isOpen()).isFalse();
    }

    @Test
    void aNegotiationTimesOut() {
        EmbeddedChannel listener = channel(listener(KAD));
        EmbeddedChannel dialer = channel(lazyWithRequest());
        List.of(listener, dialer).forEach(channel -> pass(channel, TIMEOUT.minusNanos(1)));
        listenerResult.assertPending();
        dialerResult.assertPending();
        List.of(listener, dialer).forEach(channel -> pass(channel, Duration.ofNanos(1)));
        listenerResult.assertFailed(Reason.TIMEOUT);
        dialerResult.assertFailed(Reason.TIMEOUT);
        assertThat(listener.isOpen()).isFalse();
        assertThat(dialer.isOpen()).isFalse();
    }

    @Test
    void anAgreementCancelsTheTimeout() {
        EmbeddedChannel listener = channel(listener(KAD));
        deliver(listener, messages(HEADER, KAD));
        pass(listener, TIMEOUT.multipliedBy(2));
        listenerResult.assertAgreed(KAD);
        assertThat(listener.isOpen()).isTrue();
    }

    @Test
    void aNegotiationWithoutATimeoutWaitsForItsCaller() {
        EmbeddedChannel listener = channel(new MultistreamResponder(protocols(KAD), listenerResult, Duration.ZERO));
        pass(listener, Duration.ofHours(1));
        listenerResult.assertPending();
        listener.close();
        listenerResult.assertFailed(Reason.CLOSED);
    }

    @Test
    void aRemoteThatStopsSendingIsClosed() {
        EmbeddedChannel dialer = channel(lazyWithRequest());
        deliver(dialer, messages(HEADER));
        dialer.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        dialerResult.assertFailed(Reason.CLOSED);
        assertThat(dialer.isOpen()).isFalse();
    }

    @Test
    void bytesBeforeTheRemoteStopsSendingAreRead() {
        EmbeddedChannel listener = channel(listener(KAD));
        deliver(listener, join(messages(HEADER, KAD), bytes("request")));
        listener.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        listenerResult.assertAgreed(KAD);
        assertThat(listenerSink.received()).isEqualTo(bytes("request"));
        assertThat(listener.isOpen()).isTrue();
    }

    @Test
    void aConnectionErrorEndsTheNegotiation() {
        EmbeddedChannel dialer = channel(eager(KAD));
        dialer.pipeline().fireExceptionCaught(new IOException("reset"));
        dialerResult.assertFailed(Reason.CLOSED);
        assertThat(dialer.isOpen()).isFalse();
    }

    @Test
    void anInstallerThatFailsClosesTheChannel() {
        ProtocolInstaller broken = (channel, protocol) -> {
            throw new IllegalStateException("broken");
        };
        EmbeddedChannel listener =
                channel(new MultistreamResponder(ProtocolLookup.of(Map.of(KAD, broken)), listenerResult, TIMEOUT));
        deliver(listener, messages(HEADER, KAD));
        listenerResult.assertFailed(Reason.INTERNAL);
        assertThat(listener.isOpen()).isFalse();
    }

    @Test
    void aChannelThatBecomesActiveLaterStartsOnce() {
        EmbeddedChannel dialer = new EmbeddedChannel(lazyWithRequest());
        assertThat(sent(dialer)).isEqualTo(join(messages(HEADER, KAD), bytes("request")));
    }

    @Test
    void aDialerNeedsAValidProposal() {
        assertThatThrownBy(() -> eager()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> eager("kad")).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void garbageEndsInOneFailureAndLeaksNothing(@ForAll @Size(max = 2000) byte[] garbage, @ForAll boolean afterHeader) {
        for (boolean dials : new boolean[] {true, false}) {
            RecordedNegotiation result = new RecordedNegotiation();
            EmbeddedChannel channel = channel(
                    dials
                            ? MultistreamDialer.lazy(KAD, (c, p) -> {}, result, TIMEOUT)
                            : new MultistreamResponder(protocols(KAD), result, TIMEOUT));
            deliver(channel, join(afterHeader ? messages(HEADER) : new byte[0], garbage));
            pass(channel, TIMEOUT);
            assertThat(result.calls()).isOne();
            assertThat(channel.isOpen()).isFalse();
            assertThat(leaked(channel)).isZero();
        }
    }

    private MultistreamDialer eager(String... proposals) {
        return MultistreamDialer.eager(
                List.of(proposals),
                (channel, protocol) -> channel.pipeline().addLast(dialerSink),
                dialerResult,
                TIMEOUT);
    }

    private MultistreamDialer lazy() {
        return MultistreamDialer.lazy(
                KAD, (channel, protocol) -> channel.pipeline().addLast(dialerSink), dialerResult, TIMEOUT);
    }

    private MultistreamDialer lazyWithRequest() {
        return MultistreamDialer.lazy(
                KAD,
                (channel, protocol) -> channel.pipeline().addLast(dialerSink, new Request()),
                dialerResult,
                TIMEOUT);
    }

    private MultistreamResponder listener(String... supported) {
        return new MultistreamResponder(protocols(supported), listenerResult, TIMEOUT);
    }

    private ProtocolLookup protocols(String... supported) {
        return protocol -> List.of(supported).contains(protocol)
                ? (channel, chosen) -> channel.pipeline().addLast(listenerSink)
                : null;
    }

    @Test
    void aByteDoesNotRetainTheBufferFromWhichItWasCut() {
        EmbeddedChannel channel = Wire.channel(listener(KAD));
        ByteBuf message = Unpooled.buffer(64 * 1024).writeZero(64 * 1024).setByte(0, 19);
        channel.pipeline().fireChannelRead(message.retainedSlice(0, 1));
        message.release();
        assertThat(message.refCnt()).isZero();
        assertThat(channel.isOpen()).isTrue();
    }

    /** Messages up to the limit, and all but the end of one more. */
    @Test
    void theMostThatIsKeptDoesNotRetainTheBufferFromWhichItWasCut() {
        EmbeddedChannel channel = Wire.channel(listener(KAD));
        byte[] kept = join(messages(HEADER), filling(8000), new byte[] {(byte) 0x80, 8});
        ByteBuf message = Unpooled.buffer(64 * 1024).writeBytes(kept).writeZero(64 * 1024 - kept.length);
        channel.pipeline().fireChannelRead(message.retainedSlice(0, 9000));
        message.release();
        assertThat(message.refCnt()).isZero();
        assertThat(channel.isOpen()).isTrue();
    }

    private static byte[] filling(int length) {
        byte[] all = new byte[0];
        while (all.length < length) {
            int left = length - all.length;
            int size = left <= 1026 ? left : left < 2052 ? left / 2 : 1026;
            all = join(all, messages("/" + "x".repeat(size - (size > 128 ? 4 : 3))));
        }
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, UTF_8);
    }

    private static final class Request extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(text("request"));
        }
    }

    private static final class ReadCounter extends ChannelOutboundHandlerAdapter {
        private int count;

        @Override
        public void read(ChannelHandlerContext ctx) throws Exception {
            count++;
            super.read(ctx);
        }
    }
}
