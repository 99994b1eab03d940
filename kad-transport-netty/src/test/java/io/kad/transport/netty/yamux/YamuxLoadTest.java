package io.kad.transport.netty.yamux;

import static io.kad.transport.netty.yamux.Frames.ACK;
import static io.kad.transport.netty.yamux.Frames.FIN;
import static io.kad.transport.netty.yamux.Frames.RST;
import static io.kad.transport.netty.yamux.Frames.SYN;
import static io.kad.transport.netty.yamux.Frames.data;
import static io.kad.transport.netty.yamux.Frames.ping;
import static io.kad.transport.netty.yamux.Frames.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.muxer.StreamLimitException;
import io.kad.transport.netty.yamux.frame.YamuxConnectionException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of a connection: each at the limit and one beyond. */
class YamuxLoadTest {

    private TestConnection connection = new TestConnection();

    @AfterEach
    void assertNothingLeaked() {
        connection.close();
    }

    private void connect(YamuxLimits.Builder limits) {
        connection.close();
        connection = new TestConnection(false, limits.build());
    }

    private static YamuxLimits.Builder limits() {
        return YamuxLimits.defaults().toBuilder();
    }

    private static byte[] opens(int from, int count) {
        return Frames.join(IntStream.range(from, from + count)
                .mapToObj(i -> update(SYN, 2L * i + 1, 0))
                .toArray(byte[][]::new));
    }

    /** Runs a test that would spin forever if it failed, on another thread and with another connection. */
    private static void runWithin20Seconds(YamuxLimits.Builder limits, Consumer<TestConnection> test) {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try (TestConnection connection = new TestConnection(false, limits.build())) {
                connection.autoRead = false;
                connection.receive(opens(0, 2));
                test.accept(connection);
                assertThat(connection.inbound).noneMatch(YamuxStreamChannel::isOpen);
            }
        });
    }

    @Test
    void aResetThatExceedsTheLimitOfControlFramesEndsTheConnection() {
        runWithin20Seconds(limits().maxBufferedBytes(1000).maxQueuedControlFrames(1), blocked -> {
            blocked.writes.block();
            blocked.receive(ping(SYN, 1));
            blocked.receive(data(0, 1, new byte[1001]));
            assertThat(blocked.channel.isOpen()).isFalse();
        });
    }

    @Test
    void aStreamOverTheLimitMayCloseAnotherWhenItFails() {
        runWithin20Seconds(limits().maxBufferedBytes(1000), full -> {
            YamuxStreamChannel other = full.inbound.get(1);
            full.inbound.get(0).pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                    other.close();
                }
            });
            full.receive(data(0, 1, new byte[1001]));
            assertThat(full.channel.isOpen()).isTrue();
        });
    }

    // --- inbound streams

    @Test
    void streamsBeyondTheLimitAreReset() {
        connection.receive(opens(0, 300));
        assertThat(connection.inbound).hasSize(256);
        List<String> sent = connection.sentText();
        assertThat(sent).hasSize(44).allMatch(frame -> frame.startsWith("update+rst "));
        assertThat(sent.get(0)).isEqualTo("update+rst 513 " + 0x1002);
        assertThat(sent.get(43)).startsWith("update+rst 599 ");
        assertThat(connection.yamux.streamCount()).isEqualTo(256);
    }

    @Test
    void payloadOfARefusedStreamIsDropped() {
        connect(limits().maxInboundStreams(0));
        connection.receive(data(SYN, 1, "refused"), data(0, 1, "more"), ping(SYN, 1));
        assertThat(connection.sentText()).containsExactly("update+rst 1 " + 0x1002, "ping+ack 0 1");
    }

    @Test
    void endOfAStreamFreesASlotForAnother() {
        connect(limits().maxInboundStreams(1));
        connection.receive(update(SYN, 1, 0));
        connection.inbound.get(0).shutdownOutput();
        connection.receive(update(FIN, 1, 0), update(SYN, 3, 0));
        assertThat(connection.inbound).hasSize(2);
        assertThat(connection.sent()).noneMatch(frame -> frame.has(RST));
    }

    @Test
    void floodOfRefusedStreamsEndsTheConnection() {
        connect(limits().maxInboundStreams(0).maxResetsPerMinute(100));
        connection.receive(opens(0, 100));
        assertThat(connection.channel.isOpen()).isTrue();
        connection.receive(opens(100, 1));
        assertThat(connection.channel.isOpen()).isFalse();
        assertThat(connection.sent()).last().hasToString("goaway 0 1");
    }

    @Test
    void refusedStreamsAreCountedByTheMinute() {
        connect(limits().maxInboundStreams(0).maxResetsPerMinute(100));
        connection.receive(opens(0, 100));
        connection.advance(60);
        connection.receive(opens(100, 100));
        assertThat(connection.channel.isOpen()).isTrue();
    }

    @Test
    void floodOfStreamsThatThePeerResetsEndsTheConnection() {
        connect(limits().maxResetsPerMinute(10));
        for (int i = 0; i < 10; i++) {
            connection.receive(data(SYN | RST, 2L * i + 1, "x"));
        }
        assertThat(connection.channel.isOpen()).isTrue();
        connection.receive(data(SYN | RST, 99, "x"));
        assertThat(connection.channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {SYN, SYN | FIN})
    void floodOfStreamsThatTheLocalPeerResetsEndsTheConnection(int flags) {
        connect(limits().maxResetsPerMinute(10));
        for (int i = 0; i < 10; i++) {
            connection.receive(update(flags, 2L * i + 1, 0));
            connection.inbound.get(i).close();
        }
        assertThat(connection.channel.isOpen()).isTrue();
        connection.receive(update(flags, 99, 0));
        connection.inbound.get(10).close();
        connection.channel.runPendingTasks();
        assertThat(connection.channel.isOpen()).isFalse();
        assertThat(connection.yamux.streamCount()).isZero();
    }

    @Test
    void streamsThatEndInBothDirectionsAreNotCounted() {
        connect(limits().maxResetsPerMinute(0));
        connection.receive(data(SYN | FIN, 1, "x"));
        connection.inbound.get(0).shutdownOutput();
        connection.channel.runPendingTasks();
        assertThat(connection.yamux.streamCount()).isZero();
        assertThat(connection.channel.isOpen()).isTrue();
    }

    @Test
    void resetsOfOutboundStreamsAreNotCounted() {
        connect(limits().maxResetsPerMinute(0));
        YamuxStreamChannel stream = connection.open();
        stream.announce();
        connection.receive(update(RST, 2, 0));
        assertThat(stream.isOpen()).isFalse();
        assertThat(connection.channel.isOpen()).isTrue();
    }

    // --- control frames

    @Test
    void pingsOfAPeerThatDoesNotReadEndTheConnection() {
        connection.writes.block();
        for (int i = 0; i < 1024; i++) {
            connection.receive(ping(SYN, i));
        }
        assertThat(connection.channel.isOpen()).isTrue();
        assertThat(connection.writes.pending()).isEqualTo(1024);
        connection.receive(ping(SYN, 1024), ping(SYN, 1025), ping(SYN, 1026));
        assertThat(connection.channel.isOpen()).isFalse();
        assertThat(connection.writes.pending()).isLessThanOrEqualTo(1026);
    }

    @Test
    void pingsOfAPeerThatReadsAllGetPongs() {
        byte[][] pings = IntStream.range(0, 5000).mapToObj(i -> ping(SYN, i)).toArray(byte[][]::new);
        connection.receive(pings);
        assertThat(connection.sent()).hasSize(5000).allMatch(frame -> frame.has(ACK));
        assertThat(connection.channel.isOpen()).isTrue();
    }

    // --- unread bytes

    @Test
    void streamWithTheMostUnreadBytesIsResetBeyondTheLimitOfTheConnection() {
        connect(limits().maxBufferedBytes(1000));
        connection.autoRead = false;
        connection.receive(data(SYN, 1, new byte[300]), data(SYN, 3, new byte[400]), data(SYN, 5, new byte[300]));
        assertThat(connection.sent()).isEmpty();
        connection.receive(data(0, 1, new byte[1]));
        assertThat(connection.sentText()).containsExactly("update+ack+rst 3 " + 0x1002);
        assertThat(connection.inbound.get(1).failure())
                .isInstanceOfSatisfying(
                        StreamLimitException.class,
                        e -> assertThat(e).hasMessageStartingWith("unread bytes exceed the limit"));
        assertThat(connection.inbound.get(0).isOpen()).isTrue();
        connection.receive(data(0, 5, new byte[399]));
        assertThat(connection.sent()).isEmpty();
    }

    @Test
    void handlerThatClosesOnTheErrorDoesNotHideItsCodeFromThePeer() {
        connect(limits().maxBufferedBytes(10));
        connection.autoRead = false;
        connection.receive(update(SYN, 1, 0));
        connection.inbound.get(0).pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }
        });
        connection.receive(data(0, 1, new byte[11]));
        assertThat(connection.sentText()).containsExactly("update+ack+rst 1 " + 0x1002);
    }

    @Test
    void readBytesAreNotCounted() {
        connect(limits().maxBufferedBytes(1000));
        connection.autoRead = false;
        connection.receive(data(SYN, 1, new byte[1000]));
        for (int i = 0; i < 10; i++) {
            connection.inbound.get(0).read();
            connection.receive(data(0, 1, new byte[1000]));
        }
        assertThat(connection.sent()).isEmpty();
        assertThat(connection.last().received).hasSize(10_000);
    }

    // --- outbound streams

    @Test
    void opensBeyondTheLimitAreQueued() {
        List<YamuxStreamChannel> open = new ArrayList<>();
        for (int i = 0; i < 128; i++) {
            open.add(connection.open());
        }
        Future<MuxedStream> next = connection.openLater();
        Future<MuxedStream> nextButOne = connection.openLater();
        assertThat(next.isDone()).isFalse();
        open.get(5).close();
        assertThat(next.isSuccess()).isTrue();
        assertThat(((YamuxStreamChannel) next.getNow()).streamId()).isEqualTo(258);
        assertThat(nextButOne.isDone()).isFalse();
        assertThat(connection.yamux.streamCount()).isEqualTo(128);
    }

    @Test
    void opensBeyondTheUnacknowledgedLimitWaitForAnAcknowledgement() {
        connect(limits().maxUnackedStreams(2));
        YamuxStreamChannel first = connection.open();
        first.writeAndFlush(connection.buffer(1));
        connection.open();
        Future<MuxedStream> third = connection.openLater();
        assertThat(third.isDone()).isFalse();
        connection.receive(update(ACK, 2, 0));
        assertThat(third.isSuccess()).isTrue();
        Future<MuxedStream> fourth = connection.openLater();
        connection.receive(update(ACK, 2, 0)); // a repeated one frees no slot
        assertThat(fourth.isDone()).isFalse();
        first.close();
        assertThat(fourth.isDone()).isFalse();
    }

    @Test
    void queuedOpenTimesOut() {
        connect(limits().maxOutboundStreams(1));
        YamuxStreamChannel only = connection.open();
        Future<MuxedStream> waiting = connection.openLater();
        connection.advance(9);
        assertThat(waiting.isDone()).isFalse();
        connection.advance(1);
        assertThat(waiting.cause())
                .isInstanceOf(StreamLimitException.class)
                .hasMessage("opening a stream timed out after 10 s");
        only.close();
        assertThat(connection.yamux.streamCount()).isZero();
    }

    @Test
    void opensBeyondTheQueueFailImmediately() {
        connect(limits().maxOutboundStreams(0).maxQueuedOpens(2));
        Future<MuxedStream> first = connection.openLater();
        connection.openLater();
        assertThat(first.isDone()).isFalse();
        assertThat(connection.openLater().cause()).isInstanceOf(StreamLimitException.class);
    }

    @Test
    void cancelledOpenTakesNoSlot() {
        connect(limits().maxOutboundStreams(1));
        YamuxStreamChannel only = connection.open();
        Future<MuxedStream> cancelled = connection.openLater();
        Future<MuxedStream> next = connection.openLater();
        assertThat(cancelled.cancel(false)).isTrue();
        only.close();
        assertThat(next.isSuccess()).isTrue();
        assertThat(connection.yamux.streamCount()).isEqualTo(1);
    }

    @Test
    void queuedOpensFailWhenTheConnectionEnds() {
        connect(limits().maxOutboundStreams(1));
        YamuxStreamChannel only = connection.open();
        Future<MuxedStream> waiting = connection.openLater();
        connection.channel.close();
        connection.channel.runPendingTasks();
        assertThat(waiting.cause()).isInstanceOf(YamuxConnectionException.class);
        assertThat(only.isOpen()).isFalse();
    }
}
