package io.kad.transport.netty.yamux;

import static io.kad.transport.netty.yamux.Frames.data;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.transport.netty.yamux.Frames.Sent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Transfer between two real sides of a connection. */
class YamuxTransferTest {

    private static final int TOTAL = 5 * 1024 * 1024;

    /** Link between two connections that checks every frame between them. */
    private static final class Link implements AutoCloseable {

        final TestConnection dialler = new TestConnection(true, YamuxLimits.defaults());
        final TestConnection listener = new TestConnection(false, YamuxLimits.defaults());
        private final Map<String, Long> credit = new HashMap<>();
        private final Random random;
        int frames;

        Link(long seed) {
            random = new Random(seed);
        }

        /** Transfers sent bytes in both directions, in random segments; returns whether there were any. */
        boolean transfer() {
            boolean there = transfer(dialler, listener);
            boolean back = transfer(listener, dialler);
            return there || back;
        }

        void transferAll() {
            while (transfer()) {}
        }

        private boolean transfer(TestConnection from, TestConnection to) {
            byte[] bytes = from.sentBytes();
            for (Sent frame : Frames.parse(bytes)) {
                checkCredit(from == dialler, frame);
            }
            if (bytes.length > 0) {
                to.receiveInPieces(bytes, 1 + random.nextInt(bytes.length));
            }
            return bytes.length > 0;
        }

        /** Fails if a side sends more than the other has granted. */
        private void checkCredit(boolean fromDialler, Sent frame) {
            frames++;
            if (frame.type() == Frames.DATA) {
                long left =
                        credit.merge(frame.stream() + " " + fromDialler, -frame.length(), (old, used) -> old + used);
                assertThat(left).isGreaterThanOrEqualTo(-YamuxLimits.INITIAL_WINDOW_BYTES);
                assertThat(frame.length()).isLessThanOrEqualTo(16 * 1024);
            } else if (frame.type() == Frames.WINDOW_UPDATE && !frame.has(Frames.RST)) {
                long left = credit.merge(frame.stream() + " " + !fromDialler, frame.length(), Long::sum);
                assertThat(left).as("credit beyond the window").isLessThanOrEqualTo(0);
            }
        }

        @Override
        public void close() {
            dialler.close();
            listener.close();
        }
    }

    private static byte[] pattern(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Handler that compares received bytes with the expected ones. */
    private static final class Checker extends ChannelInboundHandlerAdapter {

        private final byte[] expected;
        int position;

        Checker(byte[] expected) {
            this.expected = expected;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf bytes = (ByteBuf) msg;
            byte[] part = new byte[bytes.readableBytes()];
            bytes.readBytes(part).release();
            assertThat(part).isEqualTo(Arrays.copyOfRange(expected, position, position + part.length));
            position += part.length;
        }
    }

    private static YamuxStreamChannel open(TestConnection connection, Checker checker, boolean autoRead) {
        return (YamuxStreamChannel) connection
                .yamux
                .openStream(new ChannelInitializer<YamuxStreamChannel>() {
                    @Override
                    protected void initChannel(YamuxStreamChannel stream) {
                        stream.config().setAutoRead(autoRead);
                        stream.pipeline().addLast(checker);
                    }
                })
                .getNow();
    }

    @Test
    void fiveMebibytesPassBothWaysThroughSlowReadersInBoundedMemory() {
        try (Link link = new Link(1)) {
            byte[] there = pattern(TOTAL, 2);
            byte[] back = pattern(TOTAL, 3);
            Checker atDialler = new Checker(back);
            Checker atListener = new Checker(there);
            link.listener.autoRead = false;
            YamuxStreamChannel near = open(link.dialler, atDialler, false);
            near.announce();
            link.transferAll();
            YamuxStreamChannel far = link.listener.inbound.get(0);
            far.pipeline().addFirst(atListener);
            ChannelFuture sentThere = near.writeAndFlush(link.dialler.buffer(there));
            ChannelFuture sentBack = far.writeAndFlush(link.listener.buffer(back));
            near.shutdownOutput();
            far.shutdownOutput();
            link.transferAll();
            assertThat(sentThere.isDone()).isFalse();
            long peak = 0;
            while (near.isOpen() || far.isOpen()) {
                peak = Math.max(peak, link.dialler.unreleasedBytes() + link.listener.unreleasedBytes() - 2L * TOTAL);
                near.read();
                far.read();
                link.transferAll();
            }
            assertThat(atListener.position).isEqualTo(TOTAL);
            assertThat(atDialler.position).isEqualTo(TOTAL);
            assertThat(sentThere.isSuccess()).isTrue();
            assertThat(sentBack.isSuccess()).isTrue();
            assertThat(near.failure()).isNull();
            assertThat(far.failure()).isNull();
            // beyond the two buffers that were written: a window each way waits for its reader
            assertThat(peak).isLessThanOrEqualTo(2L * (YamuxLimits.INITIAL_WINDOW_BYTES + 64 * 1024));
        }
    }

    @Test
    void creditComesInFewFrames() {
        try (Link link = new Link(4)) {
            byte[] bytes = pattern(TOTAL, 5);
            YamuxStreamChannel near = open(link.dialler, new Checker(new byte[0]), true);
            near.writeAndFlush(link.dialler.buffer(bytes));
            link.transferAll();
            assertThat(link.listener.last().received).hasSize(TOTAL);
            assertThat(link.frames)
                    .isLessThanOrEqualTo(TOTAL / (16 * 1024) + 2 * TOTAL / YamuxLimits.INITIAL_WINDOW_BYTES + 2);
        }
    }

    @Test
    void unreadStreamDoesNotBlockOthers() {
        try (Link link = new Link(6)) {
            link.listener.autoRead = false;
            YamuxStreamChannel stuck = link.dialler.open();
            stuck.writeAndFlush(link.dialler.buffer(TOTAL));
            link.transferAll();
            link.listener.autoRead = true;
            YamuxStreamChannel free = link.dialler.open();
            ChannelFuture written = free.writeAndFlush(link.dialler.buffer(TOTAL));
            link.transferAll();
            assertThat(written.isSuccess()).isTrue();
            assertThat(link.listener.last().received).hasSize(TOTAL);
        }
    }

    @Property(tries = 1000)
    void writtenBytesArriveInOrderOnEachStream(
            @ForAll long seed, @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 200_000) Integer> sizes) {
        try (Link link = new Link(seed)) {
            Random random = new Random(seed);
            YamuxStreamChannel[] near = new YamuxStreamChannel[sizes.size()];
            for (int i = 0; i < near.length; i++) {
                byte[] bytes = pattern(sizes.get(i), i);
                near[i] = link.dialler.open();
                writeInPieces(link, near[i], bytes, random);
                near[i].shutdownOutput();
                link.transfer();
            }
            link.transferAll();
            for (YamuxStreamChannel far : link.listener.inbound) {
                int i = (int) (far.streamId() - 1) / 2;
                byte[] sent = pattern(sizes.get(i), i);
                StringBuilder received = TestConnection.recorder(far).received;
                assertThat(received.toString().getBytes(ISO_8859_1)).isEqualTo(sent);
                assertThat(TestConnection.recorder(far).events).containsExactly("active", "eof after " + sent.length);
                far.shutdownOutput();
            }
            link.transferAll();
            assertThat(near).noneMatch(YamuxStreamChannel::isOpen);
            assertThat(link.listener.inbound).hasSize(near.length).noneMatch(YamuxStreamChannel::isOpen);
        }
    }

    private static void writeInPieces(Link link, YamuxStreamChannel stream, byte[] bytes, Random random) {
        for (int from = 0; from < bytes.length; ) {
            int size = 1 + random.nextInt(bytes.length - from);
            stream.write(link.dialler.buffer(Arrays.copyOfRange(bytes, from, from + size)));
            from += size;
            if (random.nextBoolean()) {
                stream.flush();
            }
            if (random.nextInt(4) == 0) {
                link.transfer();
            }
        }
    }

    @Test
    void bothSidesMayResetConcurrently() {
        try (Link link = new Link(7)) {
            YamuxStreamChannel near = link.dialler.open();
            near.writeAndFlush(link.dialler.buffer(1));
            link.transferAll();
            near.reset(0);
            link.listener.inbound.get(0).reset(0);
            link.transferAll();
            assertThat(link.dialler.channel.isOpen()).isTrue();
            assertThat(link.listener.channel.isOpen()).isTrue();
            assertThat(link.dialler.yamux.streamCount() + link.listener.yamux.streamCount())
                    .isZero();
            link.dialler.receive(data(0, 1, "late"));
            assertThat(link.dialler.sent()).isEmpty();
        }
    }
}
