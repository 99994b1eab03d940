package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseTransportHandler.MAX_PLAINTEXT_BYTES;
import static io.kad.transport.netty.support.Wire.channel;
import static io.kad.transport.netty.support.Wire.deliver;
import static io.kad.transport.netty.support.Wire.join;
import static io.kad.transport.netty.support.Wire.leaked;
import static io.kad.transport.netty.support.Wire.sent;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.transport.netty.noise.NoiseException.Reason;
import io.kad.transport.netty.support.Sink;
import io.kad.transport.netty.support.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import java.io.ByteArrayOutputStream;
import java.nio.channels.ClosedChannelException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseTransportHandlerTest {
    private static final byte[] EMPTY = new byte[0];

    private final Sink sink = new Sink();
    private EmbeddedChannel sender;
    private EmbeddedChannel receiver;
    private NoiseHandshake.CipherStates senderKeys;

    @BeforeEach
    void connect() throws NoiseException {
        NoiseHandshake.CipherStates[] keys = keys();
        senderKeys = keys[0];
        sender = channel(new NoiseTransportHandler(keys[0]));
        receiver = channel(new NoiseTransportHandler(keys[1]), sink);
    }

    @AfterEach
    void releaseEverything() {
        Wire.assertNothingLeaked();
    }

    @Test
    void aBurstOfWritesIsOneTransportMessage() {
        List<ChannelFuture> writes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            writes.add(sender.write(Unpooled.wrappedBuffer(new byte[12])));
        }
        assertThat(writes).noneMatch(ChannelFuture::isDone);
        sender.flush();
        assertThat(writes).allMatch(ChannelFuture::isSuccess);
        byte[] wire = sent(sender);
        assertThat(wire).hasSize(2 + 1200 + 16);
        deliver(receiver, wire);
        assertThat(sink.received()).isEqualTo(new byte[1200]);
        assertThat(sink.reads()).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MAX_PLAINTEXT_BYTES - 1, MAX_PLAINTEXT_BYTES, MAX_PLAINTEXT_BYTES + 1, 200_000})
    void aLargeWriteTakesAsFewTransportMessagesAsPossible(int length) {
        byte[] data = new byte[length];
        new Random(length).nextBytes(data);
        ChannelFuture write = sender.writeAndFlush(Unpooled.wrappedBuffer(data));
        assertThat(write.isSuccess()).isTrue();
        int messages = (length + MAX_PLAINTEXT_BYTES - 1) / MAX_PLAINTEXT_BYTES;
        byte[] wire = sent(sender);
        assertThat(wire).hasSize(length + messages * 18);
        deliver(receiver, wire, 1460);
        assertThat(sink.received()).isEqualTo(data);
        assertThat(sink.reads()).isEqualTo(messages);
    }

    @Test
    void aTransportMessageThatIsFullDoesNotWaitForTheFlush() {
        ChannelFuture full = sender.write(Unpooled.wrappedBuffer(new byte[MAX_PLAINTEXT_BYTES]));
        assertThat(sender.unsafe().outboundBuffer().totalPendingWriteBytes()).isGreaterThan(MAX_PLAINTEXT_BYTES);
        assertThat(full.isDone()).isFalse();
        sender.flush();
        assertThat(full.isSuccess()).isTrue();
    }

    @Property
    void writtenBytesArrive(
            @ForAll @Size(max = 20) List<@IntRange(max = 40_000) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 70_000) int segmentSize,
            @ForAll long seed)
            throws NoiseException {
        Random random = new Random(seed);
        NoiseHandshake.CipherStates[] keys = keys();
        Sink into = new Sink();
        EmbeddedChannel from = channel(new NoiseTransportHandler(keys[0]));
        EmbeddedChannel to = channel(new NoiseTransportHandler(keys[1]), into);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        List<ChannelFuture> writes = new ArrayList<>();
        for (int size : sizes) {
            byte[] data = new byte[size];
            random.nextBytes(data);
            written.writeBytes(data);
            writes.add(from.write(Unpooled.wrappedBuffer(data)));
            if (random.nextBoolean()) {
                from.flush();
            }
        }
        from.flush();
        assertThat(writes).allMatch(ChannelFuture::isSuccess);
        deliver(to, sent(from), segmentSize);
        assertThat(into.received()).isEqualTo(written.toByteArray());
        assertThat(leaked(from)).isZero();
        assertThat(leaked(to)).isZero();
    }

    @Test
    void anEmptyWriteCompletes() {
        assertThat(sender.writeAndFlush(Unpooled.EMPTY_BUFFER).isSuccess()).isTrue();
        assertThat(sent(sender)).isEmpty();
    }

    @Test
    void anEmptyTransportMessageIsIgnored() {
        byte[] message = transportMessage(EMPTY);
        assertThat(message).hasSize(18);
        deliver(receiver, join(message, transportMessage(bytes("data"))));
        assertThat(sink.received()).isEqualTo(bytes("data"));
        assertThat(sink.reads()).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15})
    void aTransportMessageWithoutRoomForItsTagClosesTheChannel(int length) {
        byte[] wire = new byte[2 + length];
        wire[1] = (byte) length;
        deliver(receiver, wire);
        assertBroken(Reason.MALFORMED);
    }

    @Test
    void aForgedTransportMessageClosesTheChannel() {
        byte[] good = transportMessage(bytes("good"));
        byte[] bad = transportMessage(bytes("bad"));
        bad[bad.length - 1] ^= 1;
        deliver(receiver, join(good, bad, transportMessage(bytes("late"))));
        assertThat(sink.received()).isEqualTo(bytes("good"));
        assertBroken(Reason.BAD_TAG);
    }

    @Test
    void aRepeatedTransportMessageClosesTheChannel() {
        byte[] message = transportMessage(bytes("once"));
        deliver(receiver, join(message, message));
        assertThat(sink.received()).isEqualTo(bytes("once"));
        assertBroken(Reason.BAD_TAG);
    }

    @Property
    void garbageNeverPasses(@ForAll @Size(max = 500) byte[] garbage) throws NoiseException {
        Sink into = new Sink();
        EmbeddedChannel to = channel(new NoiseTransportHandler(keys()[0]), into);
        deliver(to, garbage);
        assertThat(into.received()).isEmpty();
        assertThat(leaked(to)).isZero();
    }

    @Test
    void aChannelThatClosesInTheMiddleOfATransportMessageLeaksNothing() {
        deliver(receiver, Arrays.copyOf(transportMessage(new byte[1000]), 500));
        ChannelFuture write = receiver.write(Unpooled.wrappedBuffer(new byte[10]));
        receiver.close();
        assertThat(write.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(receiver.write(Unpooled.buffer().writeByte(1)).cause()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aHandlerThatClosesTheChannelGetsNothingMore() {
        receiver.pipeline().addBefore(receiver.pipeline().context(sink).name(), null, new Closer());
        deliver(receiver, join(transportMessage(bytes("one")), transportMessage(bytes("two"))));
        assertThat(sink.received()).isEqualTo(bytes("one"));
    }

    @Test
    void onlyBytesCanBeWritten() {
        assertThat(sender.write("text").cause()).isInstanceOf(UnsupportedMessageTypeException.class);
    }

    @Test
    void anIncompleteTransportMessageRequestsAReadWithoutAutoRead() {
        Reads reads = new Reads();
        receiver.config().setAutoRead(false);
        receiver.pipeline().addFirst(reads);
        byte[] message = transportMessage(bytes("data"));
        deliver(receiver, Arrays.copyOf(message, 10));
        assertThat(reads.count).isOne();
        deliver(receiver, Arrays.copyOfRange(message, 10, message.length));
        assertThat(reads.count).isOne();
        assertThat(sink.received()).isEqualTo(bytes("data"));
    }

    private void assertBroken(Reason reason) {
        assertThat(receiver.isOpen()).isFalse();
        assertThat(sink.errors())
                .singleElement()
                .isInstanceOfSatisfying(
                        NoiseException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private byte[] transportMessage(byte[] plaintext) {
        byte[] message = new byte[2 + plaintext.length + CipherState.TAG_BYTES];
        System.arraycopy(plaintext, 0, message, 2, plaintext.length);
        int length = senderKeys.send().encrypt(Unpooled.wrappedBuffer(message), 2, plaintext.length);
        message[0] = (byte) (length >>> 8);
        message[1] = (byte) length;
        return message;
    }

    private static NoiseHandshake.CipherStates[] keys() throws NoiseException {
        SecureRandom random = new SecureRandom();
        X25519KeyPair key = X25519KeyPair.generate(random);
        NoiseHandshake one = NoiseHandshake.withKeys(true, key, X25519KeyPair.generate(random), EMPTY);
        NoiseHandshake other = NoiseHandshake.withKeys(false, key, X25519KeyPair.generate(random), EMPTY);
        other.readMessage(one.writeMessage(EMPTY));
        one.readMessage(other.writeMessage(EMPTY));
        other.readMessage(one.writeMessage(EMPTY));
        return new NoiseHandshake.CipherStates[] {one.split(), other.split()};
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static final class Closer extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.fireChannelRead((ByteBuf) message);
            ctx.channel().close();
        }
    }

    private static final class Reads extends ChannelOutboundHandlerAdapter {
        private int count;

        @Override
        public void read(ChannelHandlerContext ctx) throws Exception {
            count++;
            super.read(ctx);
        }
    }
}
