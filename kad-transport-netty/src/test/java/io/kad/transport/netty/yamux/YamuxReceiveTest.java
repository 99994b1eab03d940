package io.kad.transport.netty.yamux;

import static io.kad.transport.netty.yamux.Frames.ACK;
import static io.kad.transport.netty.yamux.Frames.FIN;
import static io.kad.transport.netty.yamux.Frames.RST;
import static io.kad.transport.netty.yamux.Frames.SYN;
import static io.kad.transport.netty.yamux.Frames.data;
import static io.kad.transport.netty.yamux.Frames.header;
import static io.kad.transport.netty.yamux.Frames.join;
import static io.kad.transport.netty.yamux.Frames.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.transport.netty.muxer.StreamResetException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Receiving side of a stream: frames, half-close, reset, flow control. */
class YamuxReceiveTest {

    private static final int WINDOW = YamuxLimits.INITIAL_WINDOW_BYTES;

    private final TestConnection connection = new TestConnection();

    @AfterEach
    void assertNothingLeaked() {
        connection.close();
    }

    @Test
    void firstBytesMayComeWithTheOpening() {
        connection.receive(data(SYN, 1, "hello"));
        assertThat(connection.last().received).hasToString("hello");
        assertThat(connection.last().events).containsExactly("active");
        assertThat(connection.inbound.get(0).streamId()).isEqualTo(1);
        assertThat(connection.inbound.get(0).isOutbound()).isFalse();
    }

    @Test
    void openingMayComeAsWindowUpdate() {
        connection.receive(update(SYN, 1, 0), data(0, 1, "a"), data(0, 1, "b"));
        assertThat(connection.last().received).hasToString("ab");
    }

    @Test
    void creditInTheOpeningIsAddedToTheInitialWindow() {
        connection.receive(update(SYN, 1, 1000));
        YamuxStreamChannel stream = connection.inbound.get(0);
        stream.writeAndFlush(connection.buffer(WINDOW + 2000));
        assertThat(connection.sent().stream().mapToLong(Frames.Sent::length).sum())
                .isEqualTo(WINDOW + 1000);
    }

    @Test
    void dataWithFinIsDeliveredBeforeTheEnd() {
        connection.receive(data(SYN, 1, "ab"), data(FIN, 1, "cdefg"));
        assertThat(connection.last().events).containsExactly("active", "eof after 7");
        assertThat(connection.inbound.get(0).isInputShutdown()).isTrue();
        assertThat(connection.inbound.get(0).isOpen()).isTrue();
    }

    @Test
    void openingWithFinIsAnEmptyStream() {
        connection.receive(data(SYN | FIN, 1, ""));
        assertThat(connection.last().events).containsExactly("active", "eof after 0");
        assertThat(connection.channel.isOpen()).isTrue();
    }

    @Test
    void finWithAcknowledgementEndsTheSideOfThePeer() {
        YamuxStreamChannel stream = connection.open();
        stream.writeAndFlush(connection.buffer(1));
        connection.receive(data(ACK | FIN, 2, "answer"));
        assertThat(TestConnection.recorder(stream).received).hasToString("answer");
        assertThat(TestConnection.recorder(stream).events).containsExactly("active", "eof after 6");
    }

    @Test
    void finInWindowUpdateStillGrantsItsCredit() {
        connection.receive(update(SYN, 1, 0), update(FIN, 1, 5));
        connection.inbound.get(0).writeAndFlush(connection.buffer(WINDOW + 10));
        assertThat(connection.sent().stream().mapToLong(Frames.Sent::length).sum())
                .isEqualTo(WINDOW + 5);
        assertThat(connection.last().count("eof")).isEqualTo(1);
    }

    @Test
    void dataAfterFinIsDropped() {
        connection.receive(data(SYN | FIN, 1, "all"), data(0, 1, "more"), data(FIN, 1, "again"));
        assertThat(connection.last().received).hasToString("all");
        assertThat(connection.last().events).containsExactly("active", "eof after 3");
    }

    @ParameterizedTest
    @ValueSource(ints = {FIN, RST})
    void bytesAfterTheEndAreDroppedEvenIfEarlierOnesAreUnread(int end) {
        connection.autoRead = false;
        connection.receive(data(SYN, 1, "all"), update(end, 1, 0), data(0, 1, "more"));
        connection.inbound.get(0).read();
        assertThat(connection.last().received).hasToString("all");
    }

    @Test
    void peerThatHasFinishedGetsNoMoreCredit() {
        connection.autoRead = false;
        connection.receive(data(SYN | FIN, 1, new byte[WINDOW]));
        connection.inbound.get(0).config().setAutoRead(true);
        assertThat(connection.last().received).hasSize(WINDOW);
        assertThat(connection.sent()).isEmpty();
    }

    @Test
    void frameLargerThanTheWindowEndsTheConnection() {
        connection.receive(update(SYN, 1, 0), header(Frames.DATA, 0, 1, 1024 * 1024));
        assertThat(connection.sentText()).containsExactly("goaway 0 1");
        assertThat(connection.channel.isOpen()).isFalse();
        assertThat(connection.last().events)
                .containsExactly(
                        "active",
                        "error after 0: protocol error: payload of 1048576 bytes exceeds the receive window of 262144",
                        "inactive");
    }

    @Test
    void exactlyTheWindowIsAcceptedAndOneByteMoreIsNot() {
        connection.autoRead = false;
        connection.receive(data(SYN, 1, new byte[WINDOW]));
        assertThat(connection.channel.isOpen()).isTrue();
        connection.receive(data(0, 1, new byte[1]));
        assertThat(connection.sentText()).containsExactly("goaway 0 1");
        assertThat(connection.channel.isOpen()).isFalse();
    }

    @Test
    void largeFrameIsDeliveredAsItArrives() {
        byte[] frame = data(SYN, 1, new byte[WINDOW]);
        connection.channel.writeInbound(connection.buffer(Arrays.copyOf(frame, 1012)));
        assertThat(connection.last().received).hasSize(1000);
        assertThat(connection.unreleasedBytes()).isZero();
        connection.receiveInPieces(Arrays.copyOfRange(frame, 1012, frame.length), 1500);
        assertThat(connection.last().received).hasSize(WINDOW);
    }

    @Test
    void withoutAutoReadOnlyReadBytesReturnCredit() {
        connection.autoRead = false;
        for (int i = 0; i < 4; i++) {
            connection.receive(data(i == 0 ? SYN : 0, 1, new byte[64 * 1024]));
        }
        assertThat(connection.last().messages).isZero();
        assertThat(connection.sent()).isEmpty();
        YamuxStreamChannel stream = connection.inbound.get(0);
        while (connection.last().received.length() < WINDOW / 2 - 16 * 1024) {
            stream.read();
        }
        assertThat(connection.sent()).isEmpty();
        stream.read();
        assertThat(connection.last().received).hasSize(WINDOW / 2);
        assertThat(connection.sentText()).containsExactly("update+ack 1 " + WINDOW / 2);
    }

    @Test
    void readingHalfOfTheWindowReturnsItsCreditImmediately() {
        connection.receive(data(SYN, 1, new byte[WINDOW / 2 - 1]));
        assertThat(connection.sent()).isEmpty();
        connection.receive(data(0, 1, new byte[1]));
        assertThat(connection.sentText()).containsExactly("update+ack 1 " + WINDOW / 2);
        connection.receive(data(0, 1, new byte[WINDOW / 2]));
        assertThat(connection.sentText()).containsExactly("update 1 " + WINDOW / 2);
    }

    @Test
    void oneReadDeliversOneMessage() {
        connection.autoRead = false;
        connection.receive(data(SYN, 1, "one"));
        YamuxStreamChannel stream = connection.inbound.get(0);
        stream.read();
        assertThat(connection.last().received).hasToString("one");
        connection.receive(data(0, 1, "two"));
        assertThat(connection.last().received).hasToString("one");
        stream.read();
        assertThat(connection.last().received).hasToString("onetwo");
        stream.read();
        connection.receive(data(0, 1, "three"), data(0, 1, "four"));
        assertThat(connection.last().received).hasToString("onetwothree");
        stream.read();
        assertThat(connection.last().received).hasToString("onetwothreefour");
        assertThat(connection.last().readCompletes).isEqualTo(4);
    }

    @Test
    void autoReadMayBeTurnedOffAndOnAgain() {
        connection.receive(data(SYN, 1, "a"));
        YamuxStreamChannel stream = connection.inbound.get(0);
        stream.config().setAutoRead(false);
        connection.receive(data(0, 1, "b"), data(0, 1, "c"));
        assertThat(connection.last().received).hasToString("a");
        stream.config().setAutoRead(true);
        assertThat(connection.last().received).hasToString("abc");
    }

    @Test
    void autoReadTurnedOffWithinAMessageDelaysTheNext() {
        connection.receive(update(SYN, 1, 0));
        YamuxStreamChannel stream = connection.inbound.get(0);
        stream.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ctx.channel().config().setAutoRead(false);
                ctx.fireChannelRead(msg);
            }
        });
        connection.receive(data(0, 1, "a"), data(0, 1, "b"));
        assertThat(connection.last().received).hasToString("a");
    }

    @Test
    void manySmallReadsInsideReadCompleteDoNotNest() {
        connection.autoRead = false;
        connection.receive(update(SYN, 1, 0));
        YamuxStreamChannel stream = connection.inbound.get(0);
        int[] depth = new int[2];
        stream.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelReadComplete(ChannelHandlerContext ctx) {
                depth[0]++;
                depth[1] = Math.max(depth[1], depth[0]);
                ctx.read();
                depth[0]--;
            }
        });
        connection.receive(data(0, 1, new byte[WINDOW]));
        stream.read();
        assertThat(connection.last().received).hasSize(WINDOW);
        assertThat(depth[1]).isEqualTo(1);
    }

    @Test
    void readCompleteComesOncePerReadLoopAndStream() {
        connection.receive(update(SYN, 1, 0), update(SYN, 3, 0));
        connection.receive(data(0, 1, "a"), data(0, 3, "b"), data(0, 1, "c"));
        for (YamuxStreamChannel stream : connection.inbound) {
            assertThat(TestConnection.recorder(stream).readCompletes).isEqualTo(1);
        }
    }

    @Test
    void bufferedBytesDoNotRetainTheirInputBuffer() {
        connection.autoRead = false;
        byte[] pong = Frames.ping(ACK, 7);
        byte[][] filler = new byte[4000][];
        Arrays.fill(filler, pong);
        byte[] big = join(filler);
        connection.receive(data(SYN, 1, "x"), big);
        for (int i = 0; i < 100; i++) {
            connection.receive(data(0, 1, "x"), big);
        }
        assertThat(connection.unreleasedBytes()).isLessThanOrEqualTo(512);
        connection.inbound.get(0).read();
        assertThat(connection.last().received).hasSize(101);
    }

    @Test
    void bufferedBytesTakeLittleMoreMemoryThanTheirSize() {
        connection.autoRead = false;
        connection.receive(update(SYN, 1, 0));
        for (int i = 0; i < WINDOW / 64; i++) {
            connection.receive(data(0, 1, new byte[64]));
        }
        assertThat(connection.unreleasedBytes()).isLessThanOrEqualTo(WINDOW + 16 * 1024);
    }

    @Test
    void bytesBeforeAResetAreDeliveredFirst() {
        connection.receive(data(SYN, 1, "answer"), update(RST, 1, 0));
        assertThat(connection.last().events)
                .containsExactly("active", "error after 6: stream reset by the remote peer, code 0", "inactive");
        assertThat(connection.sent()).isEmpty();
    }

    @Test
    void resetWaitsForTheReaderOfTheBytesBeforeIt() {
        connection.autoRead = false;
        connection.receive(data(SYN, 1, "answer"), update(RST, 1, 0));
        YamuxStreamChannel stream = connection.inbound.get(0);
        assertThat(stream.isOpen()).isTrue();
        assertThat(stream.writeAndFlush(connection.buffer(1)).cause())
                .isInstanceOfSatisfying(
                        StreamResetException.class,
                        e -> assertThat(e).hasMessageStartingWith("stream reset by the remote peer"));
        stream.read();
        connection.channel.runPendingTasks();
        assertThat(connection.last().events)
                .containsExactly("active", "error after 6: stream reset by the remote peer, code 0", "inactive");
        assertThat(stream.isOpen()).isFalse();
        assertThat(connection.yamux.streamCount()).isZero();
    }

    @Test
    void finWaitsForTheReaderOfTheBytesBeforeIt() {
        connection.autoRead = false;
        connection.receive(data(SYN | FIN, 1, "answer"));
        assertThat(connection.last().events).containsExactly("active");
        connection.inbound.get(0).read();
        assertThat(connection.last().events).containsExactly("active", "eof after 6");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1001, 0x1002, 0xffff_ffffL})
    void lengthOfAResetIsItsCodeAndNotCredit(long code) {
        connection.receive(update(SYN, 1, 0));
        YamuxStreamChannel stream = connection.inbound.get(0);
        var queued = stream.writeAndFlush(connection.buffer(WINDOW + 100));
        connection.sent();
        connection.receive(update(RST, 1, code));
        assertThat(connection.sent()).isEmpty();
        assertThat(queued.cause()).isInstanceOfSatisfying(StreamResetException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e).hasMessageStartingWith("stream reset by the remote peer");
        });
        assertThat(stream.failure()).isSameAs(queued.cause());
        assertThat(connection.channel.isOpen()).isTrue();
    }

    @Test
    void payloadOfADataResetIsSkipped() {
        connection.receive(data(SYN, 1, "kept"), data(RST, 1, "skipped"), data(SYN, 3, "other"));
        assertThat(TestConnection.recorder(connection.inbound.get(0)).received).hasToString("kept");
        assertThat(TestConnection.recorder(connection.inbound.get(0)).count("error"))
                .isEqualTo(1);
        assertThat(connection.last().received).hasToString("other");
    }

    @Test
    void framesOfUnknownStreamsAreDroppedQuietly() {
        connection.receive(
                data(0, 99, "unknown"),
                update(0, 99, 5),
                update(FIN, 99, 0),
                update(RST, 99, 5),
                data(ACK, 2, "not opened"),
                data(0, 0, "session"));
        assertThat(connection.sent()).isEmpty();
        assertThat(connection.channel.isOpen()).isTrue();
        connection.receive(data(SYN, 1, "still here"));
        assertThat(connection.last().received).hasToString("still here");
    }

    @Test
    void framesForAnUnannouncedStreamAreDropped() {
        YamuxStreamChannel stream = connection.open();
        connection.receive(data(0, 2, "guess"), update(RST, 2, 0));
        assertThat(stream.isOpen()).isTrue();
        assertThat(TestConnection.recorder(stream).received).isEmpty();
    }

    @Test
    void shutdownInputDropsBytesAndStillReturnsCredit() {
        connection.autoRead = false;
        connection.receive(data(SYN, 1, new byte[WINDOW]));
        YamuxStreamChannel stream = connection.inbound.get(0);
        stream.shutdownInput();
        assertThat(connection.sentText()).containsExactly("update+ack 1 " + WINDOW);
        assertThat(connection.unreleasedBytes()).isZero();
        connection.receive(data(0, 1, new byte[WINDOW / 2]));
        assertThat(connection.sentText()).containsExactly("update 1 " + WINDOW / 2);
        assertThat(connection.last().received).isEmpty();
        stream.shutdownOutput();
        connection.receive(update(FIN, 1, 0));
        assertThat(stream.isOpen()).isFalse();
        assertThat(connection.sentText()).containsExactly("update+fin 1 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 11, 12, 13, 64, 1000})
    void resultDoesNotDependOnSegmentation(int size) {
        byte[] input = join(
                data(SYN, 1, "abc"),
                update(SYN, 3, 10),
                data(0, 1, "defghi"),
                Frames.ping(SYN, 77),
                data(FIN, 3, "x".repeat(100)),
                data(0, 50, "unknown"),
                update(FIN, 1, 0),
                update(SYN | RST, 5, 1));
        connection.receiveInPieces(input, size);
        assertThat(TestConnection.recorder(connection.inbound.get(0)).received).hasToString("abcdefghi");
        assertThat(TestConnection.recorder(connection.inbound.get(0)).events).containsExactly("active", "eof after 9");
        assertThat(TestConnection.recorder(connection.inbound.get(1)).events)
                .containsExactly("active", "eof after 100");
        assertThat(connection.last().count("error after 0: stream reset")).isEqualTo(1);
        assertThat(connection.sentText()).containsExactly("ping+ack 0 77");
    }

    @Test
    void handlerThatThrowsClosesItsStreamOnly() {
        connection.receive(update(SYN, 1, 0), update(SYN, 3, 0));
        connection.inbound.get(0).pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelReadComplete(ChannelHandlerContext ctx) {
                throw new IllegalStateException("on purpose");
            }
        });
        connection.receive(data(0, 1, "a"), data(0, 3, "b"));
        assertThat(connection.inbound.get(0).isOpen()).isFalse();
        assertThat(connection.inbound.get(1).isOpen()).isTrue();
        assertThat(connection.sentText()).containsExactly("update+ack+rst 1 0");
    }

    @Test
    void bytesForAStreamClosedWhileItsFrameArrivesAreDropped() {
        byte[] frame = data(SYN, 1, new byte[100]);
        connection.channel.writeInbound(connection.buffer(Arrays.copyOf(frame, 50)));
        connection.inbound.get(0).close();
        ByteBuf rest = connection.buffer(Arrays.copyOfRange(frame, 50, frame.length));
        connection.channel.writeInbound(rest);
        connection.receive(data(SYN, 3, "next"));
        assertThat(connection.last().received).hasToString("next");
        assertThat(rest.refCnt()).isZero();
    }
}
