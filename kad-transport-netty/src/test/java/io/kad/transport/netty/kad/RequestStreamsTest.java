package io.kad.transport.netty.kad;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.muxer.StreamResetException;
import io.kad.transport.netty.operation.Operation;
import io.kad.transport.netty.operation.Operations;
import io.kad.transport.netty.support.Budgets;
import io.kad.transport.netty.support.TestConnectionInfo;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import io.kad.wire.message.KadCodec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams on which the client sends its requests; the test is the remote peer. */
class RequestStreamsTest {

    private static final String PROTOCOL = "/test/kad/1.0.0";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final byte[] AGREEMENT =
            Wire.join(new byte[] {19}, ascii("/multistream/1.0.0\n"), new byte[] {16}, ascii(PROTOCOL + "\n"));

    private static final KademliaConfig CONFIG = KademliaConfig.of(PROTOCOL);

    private final KadCodec codec = new KadCodec(CONFIG);
    private final EmbeddedChannel channel = Wire.channel();
    private final List<RemoteStream> streams = new ArrayList<>();
    private boolean responded = true;
    private final PeerConnection connection = connection();
    private KadClient client = client(CONFIG);
    private final Operations operations = new Operations(channel.eventLoop());

    @AfterEach
    void nothingLeaks() {
        channel.close();
        Wire.assertNothingLeaked();
    }

    private static KadClient client(KademliaConfig config) {
        return new KadClient(PROTOCOL, new KadFrameCodec(config, InstantSource.system()));
    }

    private PeerConnection connection() {
        ConnectionInfo info = TestConnectionInfo.outbound(new TestIdentity(2).peerId(), "/ip4/127.0.0.1/tcp/1");
        return new PeerConnection(info, new Connection(), Budgets.receive(4 << 20), Budgets.unlimited());
    }

    /** Connection whose streams are embedded channels. */
    private final class Connection implements MuxedConnection {

        @Override
        public Channel channel() {
            return channel;
        }

        @Override
        public Future<MuxedStream> openStream(ChannelHandler first) {
            RemoteStream stream = new RemoteStream(first);
            streams.add(stream);
            return channel.eventLoop().newSucceededFuture(stream);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public Optional<String> endReason() {
            return Optional.empty();
        }

        @Override
        public int streamCount() {
            return streams.size();
        }

        @Override
        public long openedStreamCount() {
            return streams.size();
        }

        @Override
        public boolean hasReceivedStreamFrame() {
            return responded;
        }

        @Override
        public void probe() {}

        @Override
        public Future<Void> close(long code) {
            return channel.close();
        }
    }

    /** Stream with the test at its other end. */
    private final class RemoteStream implements MuxedStream {

        private final EmbeddedChannel stream = Wire.channel();
        private boolean finished;
        private boolean isOneWay;
        private boolean failsWrites;

        RemoteStream(ChannelHandler first) {
            stream.attr(ATTRIBUTE).set(this);
            stream.pipeline().addLast(new FailingWrites());
            stream.pipeline().addLast(first);
        }

        @Override
        public Channel channel() {
            return stream;
        }

        @Override
        public ChannelFuture writeAndFinish(ByteBuf last) {
            isOneWay = true;
            stream.writeAndFlush(last);
            return finish();
        }

        @Override
        public ChannelFuture finish() {
            finished = true;
            return stream.newSucceededFuture();
        }

        @Override
        public boolean isFinished() {
            return finished;
        }

        @Override
        public ChannelFuture reset(long code) {
            return stream.close();
        }

        /** Agrees to the protocol and responds to {@code request}. */
        void respond(KadRequest request) {
            Wire.deliver(stream, Wire.join(AGREEMENT, response(request)));
        }

        void respondAgain(KadRequest request) {
            Wire.deliver(stream, response(request));
        }

        void resetByRemote() {
            stream.pipeline().fireExceptionCaught(new StreamResetException(0));
            stream.close();
            stream.runPendingTasks();
        }

        void endByRemote() {
            stream.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            stream.runPendingTasks();
        }

        /** Returns whether the local peer has ended the stream, which was idle. */
        boolean isEnded() {
            return finished && !isOneWay;
        }

        boolean isOpen() {
            return stream.isOpen();
        }

        /** Returns the bytes that the local peer has sent since the last call. */
        int sentBytes() {
            return Wire.sent(stream).length;
        }
    }

    /** Fails writes within the call once the test says so, as a stream does whose remote peer wants no more of it. */
    private final class FailingWrites extends ChannelOutboundHandlerAdapter {

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            boolean fails =
                    streams.stream().anyMatch(stream -> stream.failsWrites && stream.stream.equals(ctx.channel()));
            if (fails) {
                ReferenceCountUtil.release(message);
                promise.setFailure(new StreamResetException(0));
            } else {
                ctx.write(message, promise);
            }
        }
    }

    private byte[] response(KadRequest request) {
        return Wire.framed(codec.encode(responseTo(request), Instant.EPOCH));
    }

    private static KadResponse responseTo(KadRequest request) {
        return request instanceof KadRequest.GetProviders
                ? new KadResponse.GetProviders(List.of(), List.of())
                : new KadResponse.FindNode(List.of());
    }

    /** What became of a request. */
    private static final class Outcome implements Callback<KadResponse> {

        private Operation<?> operation;
        private String text = "pending";
        private KadResponse response;

        @Override
        public void onSuccess(KadResponse success) {
            response = success;
            text = "success";
        }

        @Override
        public void onFailure(TransportFailure failure) {
            text = failure.kind().name();
        }
    }

    private static final class Sent implements Callback<Boolean> {

        private boolean succeeded;

        @Override
        public void onSuccess(Boolean sent) {
            succeeded = sent;
        }

        @Override
        public void onFailure(TransportFailure failure) {}
    }

    private void sendWithoutResponse(Sent sent) {
        KadRequest.AddProvider message = new KadRequest.AddProvider(
                RecordKey.of(Bytes.utf8("key")), List.of(PeerInfo.of(new TestIdentity(1).peerId(), List.of())));
        operations.start(TIMEOUT, sent, operation -> client.send(connection, message, operation, operation));
        channel.runPendingTasks();
    }

    private static KadRequest findNode(String target) {
        return new KadRequest.FindNode(Bytes.utf8(target));
    }

    private Outcome request(KadRequest request) {
        Outcome outcome = new Outcome();
        operations.start(TIMEOUT, outcome, operation -> {
            outcome.operation = operation;
            client.request(connection, request, operation, operation);
        });
        channel.runPendingTasks();
        return outcome;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private RemoteStream stream(int number) {
        return streams.get(number);
    }

    /** Sends a request on a first stream, and responds to it: the stream is idle. */
    private void useOneStream() {
        Outcome outcome = request(findNode("first"));
        stream(0).respond(findNode("first"));
        assertThat(outcome.text).isEqualTo("success");
        stream(0).sentBytes();
    }

    @Test
    void aStreamServesOneRequestAfterTheOther() {
        useOneStream();
        for (int next = 0; next < 100; next++) {
            Outcome outcome = request(findNode("next"));
            assertThat(outcome.text).isEqualTo("pending");
            stream(0).respondAgain(findNode("next"));
            assertThat(outcome.text).isEqualTo("success");
        }
        assertThat(streams).hasSize(1);
        assertThat(stream(0).finished).isFalse();
    }

    @Test
    void theProtocolIsProposedOnceForAStream() {
        Outcome first = request(findNode("target"));
        int withProposal = stream(0).sentBytes();
        stream(0).respond(findNode("target"));
        request(findNode("target"));
        int withoutProposal = stream(0).sentBytes();
        assertThat(first.text).isEqualTo("success");
        assertThat(withProposal - withoutProposal).isEqualTo(AGREEMENT.length);
    }

    @Test
    void requestsAtTheSameTimeHaveStreamsOfTheirOwn() {
        useOneStream();
        Outcome slow = request(findNode("slow"));
        Outcome quick = request(findNode("quick"));
        assertThat(streams).hasSize(2);
        stream(1).respond(findNode("quick"));
        assertThat(quick.text).isEqualTo("success");
        assertThat(slow.text).isEqualTo("pending");
        stream(0).respondAgain(findNode("slow"));
        assertThat(slow.text).isEqualTo("success");
    }

    @Test
    void theResponseIsReadAsTheOneToTheLastRequest() {
        useOneStream();
        KadRequest providers = new KadRequest.GetProviders(RecordKey.of(Bytes.utf8("key")));
        Outcome outcome = request(providers);
        stream(0).respondAgain(providers);
        assertThat(outcome.response).isInstanceOf(KadResponse.GetProviders.class);
    }

    @Test
    void aRequestThatMeetsTheEndOfItsStreamIsSentOnceMoreOnANewOne() {
        useOneStream();
        Outcome reset = request(findNode("reset"));
        stream(0).resetByRemote();
        channel.runPendingTasks();
        assertThat(streams).hasSize(2);
        assertThat(reset.text).isEqualTo("pending");
        stream(1).respond(findNode("reset"));
        assertThat(reset.text).isEqualTo("success");

        Outcome ended = request(findNode("ended"));
        stream(1).endByRemote();
        channel.runPendingTasks();
        assertThat(streams).hasSize(3);
        stream(2).resetByRemote();
        channel.runPendingTasks();
        assertThat(ended.text).isEqualTo("RESET");
        assertThat(streams).hasSize(3);
    }

    @Test
    void aSecondAttemptEndsWithItsRequestAlsoIfTheFirstFailedAtOnce() {
        useOneStream();
        stream(0).failsWrites = true;
        Outcome outcome = request(findNode("next"));
        assertThat(streams).hasSize(2);
        outcome.operation.cancel();
        channel.runPendingTasks();
        assertThat(stream(1).isOpen()).isFalse();
    }

    @Test
    void anIdleStreamThatEndsIsNotUsedAgain() {
        useOneStream();
        stream(0).endByRemote();
        assertThat(stream(0).isOpen()).isFalse();
        request(findNode("next"));
        assertThat(streams).hasSize(2);
        stream(1).respond(findNode("next"));
        stream(1).resetByRemote();
        request(findNode("next"));
        assertThat(streams).hasSize(3);
    }

    @Test
    void bytesThatNobodyAskedForEndAStreamBeforeTheyAreTakenForAResponse() {
        useOneStream();
        stream(0).respondAgain(findNode("unasked"));
        assertThat(stream(0).isOpen()).isFalse();
        Outcome next = request(findNode("next"));
        assertThat(streams).hasSize(2);
        Wire.deliver(stream(1).stream, Wire.join(AGREEMENT, response(findNode("next")), response(findNode("unasked"))));
        assertThat(next.text).isEqualTo("success");
        request(findNode("third"));
        assertThat(streams).hasSize(3);
    }

    @Test
    void aRequestThatIsCancelledOrTooLateResetsItsStreamAlone() {
        useOneStream();
        Outcome cancelled = request(findNode("cancelled"));
        Outcome other = request(findNode("other"));
        cancelled.operation.cancel();
        channel.runPendingTasks();
        assertThat(stream(0).isOpen()).isFalse();
        stream(1).respond(findNode("other"));
        assertThat(other.text).isEqualTo("success");

        Outcome late = request(findNode("late"));
        Wire.pass(channel, TIMEOUT);
        assertThat(late.text).isEqualTo("TIMEOUT");
        assertThat(stream(1).isOpen()).isFalse();
        assertThat(streams).hasSize(2);
    }

    @Test
    void theEndOfARequestThatHasItsResponseDoesNotConcernTheNextOne() {
        Outcome first = request(findNode("first"));
        Operation<?> operation = first.operation;
        stream(0).respond(findNode("first"));
        Outcome second = request(findNode("second"));
        operation.cancel();
        channel.runPendingTasks();
        assertThat(stream(0).isOpen()).isTrue();
        stream(0).respondAgain(findNode("second"));
        assertThat(second.text).isEqualTo("success");
    }

    @Test
    void anUnusedStreamIsEndedInTimeAndAUsedOneIsNot() {
        request(findNode("one"));
        request(findNode("two"));
        stream(0).respond(findNode("one"));
        stream(1).respond(findNode("two"));
        for (int second = 0; second < 10; second++) {
            Wire.pass(channel, Duration.ofSeconds(1));
            request(findNode("used"));
            stream(1).respondAgain(findNode("used"));
        }
        assertThat(streams).hasSize(2);
        assertThat(stream(0).finished).isTrue();
        assertThat(stream(1).finished).isFalse();
        Wire.pass(channel, CONFIG.get(TransportOptions.STREAM_POOL_TIMEOUT));
        assertThat(stream(1).finished).isTrue();
        assertThat(stream(1).isOpen()).isTrue(); // until the remote peer ends it too, or for a time
        request(findNode("next"));
        assertThat(streams).hasSize(3);
    }

    @Test
    void noMoreIdleStreamsAreKeptThanTheOptionSays() {
        client = client(CONFIG.toBuilder().streamPoolSize(2).build());
        for (int number = 0; number < 5; number++) {
            request(findNode("burst"));
        }
        streams.forEach(stream -> stream.respond(findNode("burst")));
        assertThat(streams.stream().filter(stream -> !stream.finished)).hasSize(2);
    }

    @Test
    void idleStreamsMakeRoomForThoseOfMessagesWithoutAResponse() {
        for (int number = 0; number < 20; number++) {
            request(findNode("burst"));
        }
        streams.forEach(stream -> stream.respond(findNode("burst")));
        for (int number = 0; number < TransportLimits.MAX_REQUESTS_PER_CONNECTION; number++) {
            sendWithoutResponse(new Sent());
            assertThat(streams.stream().filter(stream -> stream.isOpen() && !stream.isEnded()))
                    .hasSizeLessThanOrEqualTo(TransportLimits.MAX_REQUESTS_PER_CONNECTION);
        }
        assertThat(streams).hasSize(20 + TransportLimits.MAX_REQUESTS_PER_CONNECTION);
        assertThat(streams.subList(0, 20)).as("those are ended, not reset").allMatch(RemoteStream::isOpen);
    }

    /** rust-libp2p drops the message if it cannot deliver its answer to the proposal, as after STOP_SENDING of QUIC. */
    @Test
    void aMessageWithoutAResponseKeepsItsStreamOpenBeyondTheAgreement() {
        Sent sent = new Sent();
        sendWithoutResponse(sent);
        assertThat(stream(0).finished).isTrue();
        assertThat(stream(0).isOpen()).isTrue();
        assertThat(sent.succeeded).isFalse();
        Wire.deliver(stream(0).stream, AGREEMENT);
        assertThat(sent.succeeded).isTrue();
        assertThat(stream(0).isOpen()).isTrue();
        stream(0).endByRemote();
        assertThat(stream(0).isOpen()).isFalse();
    }

    @Test
    void withoutAPoolEachRequestHasAStream() {
        client = client(CONFIG.toBuilder().streamPoolSize(0).build());
        for (int number = 0; number < 3; number++) {
            Outcome outcome = request(findNode("next"));
            stream(number).respond(findNode("next"));
            assertThat(outcome.text).isEqualTo("success");
            assertThat(stream(number).finished).isTrue();
        }
    }

    @Test
    void fewRequestsAreSentBeforeTheRemotePeerHasSentAnything() {
        responded = false;
        for (int number = 0; number < 40; number++) {
            request(findNode("early"));
        }
        assertThat(streams).hasSize(TransportLimits.MAX_EARLY_REQUESTS_PER_CONNECTION);
        responded = true;
        stream(0).respond(findNode("early"));
        assertThat(streams).hasSize(TransportLimits.MAX_REQUESTS_PER_CONNECTION);
    }

    @Test
    void aRequestThatWaitsBehindOthersIsDelayedHoweverManySlotsThereAreNow() {
        responded = false;
        for (int number = 0; number < 40; number++) {
            request(findNode("early"));
        }
        responded = true;
        Outcome last = request(findNode("last"));
        assertThat(streams).hasSize(TransportLimits.MAX_REQUESTS_PER_CONNECTION);
        Wire.pass(channel, TIMEOUT);
        assertThat(last.text).isEqualTo("OVERLOADED");
    }

    @Test
    void aPeerThatHasIdentifiedItselfGetsAllRequestsThoughItAnswersNone() {
        responded = false;
        for (int number = 0; number < 40; number++) {
            request(findNode("unanswered"));
        }
        responded = true;
        connection.failIdentify(new IllegalStateException("not supported"));
        assertThat(streams).hasSize(TransportLimits.MAX_REQUESTS_PER_CONNECTION);
    }

    @Test
    void placesAreFreeAgainHoweverStreamsEnd() {
        for (int number = 0; number < 2 * TransportLimits.MAX_REQUESTS_PER_CONNECTION; number++) {
            request(findNode("wait"));
        }
        for (int number = 0; number < streams.size(); number++) {
            stream(number).resetByRemote();
            channel.runPendingTasks();
        }
        assertThat(streams).hasSize(2 * TransportLimits.MAX_REQUESTS_PER_CONNECTION);
        request(findNode("next"));
        assertThat(streams).hasSize(2 * TransportLimits.MAX_REQUESTS_PER_CONNECTION + 1);
    }
}
