package io.kad.transport.netty.yamux;

import static io.kad.transport.netty.yamux.Frames.ACK;
import static io.kad.transport.netty.yamux.Frames.FIN;
import static io.kad.transport.netty.yamux.Frames.RST;
import static io.kad.transport.netty.yamux.Frames.SYN;
import static io.kad.transport.netty.yamux.Frames.data;
import static io.kad.transport.netty.yamux.Frames.update;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.transport.netty.muxer.StreamLimitException;
import io.kad.transport.netty.yamux.Frames.Sent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sending side of a stream: frames, flow control, half-close, reset, flushes. */
class YamuxSendTest {

    private static final int WINDOW = YamuxLimits.INITIAL_WINDOW_BYTES;
    private static final int FRAME = 16 * 1024;

    private final TestConnection connection = new TestConnection();

    @AfterEach
    void assertNothingLeaked() {
        connection.close();
    }

    private YamuxStreamChannel accept(long id) {
        connection.receive(update(SYN, id, 0));
        return connection.inbound.get(connection.inbound.size() - 1);
    }

    private ByteBuf text(String text) {
        return connection.buffer(text.getBytes(ISO_8859_1));
    }

    private static long bytes(List<Sent> frames) {
        return frames.stream()
                .filter(frame -> frame.type() == Frames.DATA)
                .mapToLong(Sent::length)
                .sum();
    }

    @Test
    void openingIsSentWithTheFirstBytes() {
        YamuxStreamChannel stream = connection.open();
        assertThat(connection.sent()).isEmpty();
        stream.write(text("one"));
        assertThat(connection.sent()).isEmpty();
        stream.writeAndFlush(text("two!"));
        assertThat(connection.sentText()).containsExactly("data+syn 2 3", "data 2 4");
    }

    @Test
    void streamMayBeAnnouncedBeforeItsFirstBytes() {
        YamuxStreamChannel stream = connection.open();
        stream.announce();
        stream.announce();
        stream.writeAndFlush(text("one"));
        assertThat(connection.sentText()).containsExactly("update+syn 2 0", "data 2 3");
    }

    @Test
    void acknowledgementIsSentWithTheFirstFrameOfAnInboundStreamOnly() {
        YamuxStreamChannel stream = accept(1);
        assertThat(connection.sent()).isEmpty();
        stream.writeAndFlush(text("one"));
        stream.writeAndFlush(text("two"));
        connection.receive(data(0, 1, new byte[WINDOW / 2]));
        stream.shutdownOutput();
        assertThat(connection.sentText())
                .containsExactly("data+ack 1 3", "data 1 3", "update 1 " + WINDOW / 2, "update+fin 1 0");
    }

    @Test
    void acknowledgementIsSentWithFinIfThereIsNothingElse() {
        accept(1).shutdownOutput();
        assertThat(connection.sentText()).containsExactly("update+ack+fin 1 0");
    }

    @Test
    void bytesAreCutIntoFramesOfSixteenKibibytes() {
        YamuxStreamChannel stream = accept(1);
        stream.writeAndFlush(connection.buffer(2 * FRAME + 1));
        assertThat(connection.sentText()).containsExactly("data+ack 1 " + FRAME, "data 1 " + FRAME, "data 1 1");
    }

    @Test
    void windowIsUsedToTheLastByteAndNotBeyond() {
        YamuxStreamChannel stream = accept(1);
        ChannelFuture written = stream.writeAndFlush(connection.buffer(WINDOW + 3));
        assertThat(bytes(connection.sent())).isEqualTo(WINDOW);
        assertThat(written.isDone()).isFalse();
        connection.receive(update(0, 1, 1));
        assertThat(connection.sentText()).containsExactly("data 1 1");
        assertThat(written.isDone()).isFalse();
        connection.receive(update(0, 1, 100));
        assertThat(connection.sentText()).containsExactly("data 1 2");
        assertThat(written.isSuccess()).isTrue();
    }

    @Test
    void writeOfFiveMebibytesMakesTheStreamUnwritable() {
        YamuxStreamChannel stream = accept(1);
        ChannelFuture written = stream.writeAndFlush(connection.buffer(5 * 1024 * 1024));
        connection.channel.runPendingTasks();
        assertThat(stream.isWritable()).isFalse();
        assertThat(stream.bytesBeforeUnwritable()).isZero();
        assertThat(stream.bytesBeforeWritable()).isPositive();
        assertThat(written.isDone()).isFalse();
        assertThat(connection.last().writabilityChanges).isEqualTo(1);
        assertThat(bytes(connection.sent())).isEqualTo(WINDOW);
        connection.receive(update(0, 1, 5 * 1024 * 1024));
        assertThat(written.isSuccess()).isTrue();
        assertThat(stream.isWritable()).isTrue();
        assertThat(connection.last().writabilityChanges).isEqualTo(2);
    }

    @Test
    void emptyWindowAloneMakesTheStreamUnwritable() {
        YamuxStreamChannel stream = accept(1);
        stream.writeAndFlush(connection.buffer(WINDOW));
        assertThat(stream.isWritable()).isFalse();
        connection.receive(update(0, 1, 1));
        assertThat(stream.isWritable()).isTrue();
    }

    @Test
    void unflushedBytesCountForTheWaterMarks() {
        YamuxStreamChannel stream = accept(1);
        int high = stream.config().getWriteBufferHighWaterMark();
        stream.write(connection.buffer(high));
        assertThat(stream.isWritable()).isTrue();
        stream.write(connection.buffer(1));
        assertThat(stream.isWritable()).isFalse();
        stream.flush();
        assertThat(stream.isWritable()).isTrue();
    }

    @Test
    void unwritableConnectionDelaysDataAndNotControlFrames() {
        YamuxStreamChannel stream = accept(1);
        connection.setWritable(false);
        assertThat(stream.isWritable()).isFalse();
        ChannelFuture written = stream.writeAndFlush(text("later"));
        connection.receive(Frames.ping(SYN, 5));
        assertThat(connection.sentText()).containsExactly("ping+ack 0 5");
        assertThat(written.isDone()).isFalse();
        connection.setWritable(true);
        assertThat(connection.sentText()).containsExactly("data+ack 1 5");
        assertThat(written.isSuccess()).isTrue();
        assertThat(stream.isWritable()).isTrue();
        assertThat(connection.last().writabilityChanges).isEqualTo(2);
    }

    @Test
    void streamOpenedOnAnUnwritableConnectionIsUnwritable() {
        connection.setWritable(false);
        YamuxStreamChannel stream = connection.open();
        assertThat(stream.isWritable()).isFalse();
        connection.setWritable(true);
        assertThat(stream.isWritable()).isTrue();
    }

    @Test
    void streamsTakeTurnsOnceTheConnectionIsWritableAgain() {
        YamuxStreamChannel first = accept(1);
        YamuxStreamChannel second = accept(3);
        connection.setWritable(false);
        first.writeAndFlush(connection.buffer(3 * FRAME));
        second.writeAndFlush(connection.buffer(3 * FRAME));
        connection.setWritable(true);
        assertThat(connection.sent().stream().map(Sent::stream)).containsExactly(1L, 3L, 1L, 3L, 1L, 3L);
    }

    @Test
    void writeCompletesWhenTheConnectionHasWrittenIt() {
        YamuxStreamChannel stream = accept(1);
        connection.writes.block();
        ChannelFuture written = stream.writeAndFlush(connection.buffer(2 * FRAME));
        ChannelFuture empty = stream.writeAndFlush(Unpooled.EMPTY_BUFFER);
        ChannelFuture ended = stream.shutdownOutput();
        assertThat(connection.writes.pending()).isEqualTo(5);
        assertThat(written.isDone()).isFalse();
        assertThat(empty.isDone()).isFalse();
        assertThat(ended.isDone()).isFalse();
        connection.writes.unblock();
        assertThat(written.isSuccess()).isTrue();
        assertThat(empty.isSuccess()).isTrue();
        assertThat(ended.isSuccess()).isTrue();
    }

    @Test
    void aProgressivePromiseLearnsWhatTheConnectionHasWritten() {
        YamuxStreamChannel stream = connection.open();
        ChannelProgressivePromise promise = stream.newProgressivePromise();
        List<Long> progress = new ArrayList<>();
        promise.addListener(new ChannelProgressiveFutureListener() {
            @Override
            public void operationProgressed(ChannelProgressiveFuture future, long written, long total) {
                progress.add(written);
            }

            @Override
            public void operationComplete(ChannelProgressiveFuture future) {
                progress.add(-1L);
            }
        });
        stream.writeAndFlush(connection.buffer(new byte[WINDOW + 10]), promise);
        connection.sent();
        assertThat(progress).hasSize(16).startsWith((long) FRAME, 2L * FRAME).endsWith((long) WINDOW);
        connection.receive(update(ACK, 2, 4));
        connection.receive(update(0, 2, 6));
        assertThat(progress).hasSize(18).endsWith(WINDOW + 4L, -1L);
    }

    @Test
    void emptyWriteSendsNothing() {
        YamuxStreamChannel stream = connection.open();
        assertThat(stream.writeAndFlush(Unpooled.EMPTY_BUFFER).isSuccess()).isTrue();
        assertThat(connection.sent()).isEmpty();
    }

    @Test
    void finComesAfterTheLastByteThoughMuchIsQueued() {
        YamuxStreamChannel stream = accept(1);
        ChannelFuture written = stream.write(connection.buffer(WINDOW + 10)); // not even flushed
        ChannelFuture ended = stream.shutdownOutput();
        assertThat(connection.sent()).noneMatch(frame -> frame.has(FIN));
        assertThat(ended.isDone()).isFalse();
        assertThat(stream.isOutputShutdown()).isTrue();
        connection.receive(update(0, 1, WINDOW));
        assertThat(connection.sentText()).containsExactly("data 1 10", "update+fin 1 0");
        assertThat(written.isSuccess()).isTrue();
        assertThat(ended.isSuccess()).isTrue();
        assertThat(connection.last().events).containsExactly("active", "output ended");
        assertThat(stream.isOpen()).isTrue();
    }

    @Test
    void finNeedsNoCredit() {
        YamuxStreamChannel stream = accept(1);
        stream.writeAndFlush(connection.buffer(WINDOW));
        connection.sent();
        stream.shutdownOutput();
        assertThat(connection.sentText()).containsExactly("update+fin 1 0");
    }

    @Test
    void finIsNeverInTheFrameThatOpens() {
        YamuxStreamChannel stream = connection.open();
        stream.shutdownOutput();
        assertThat(connection.sentText()).containsExactly("update+syn 2 0", "update+fin 2 0");
    }

    @Test
    void secondShutdownOutputSharesTheFirst() {
        YamuxStreamChannel stream = accept(1);
        stream.write(connection.buffer(WINDOW + 1));
        ChannelFuture first = stream.shutdownOutput();
        ChannelFuture second = stream.shutdownOutput();
        assertThat(second.isDone()).isFalse();
        connection.sent();
        connection.receive(update(0, 1, 1));
        assertThat(first.isSuccess()).isTrue();
        assertThat(second.isSuccess()).isTrue();
        assertThat(connection.sentText()).containsExactly("data 1 1", "update+fin 1 0");
    }

    @Test
    void writeAfterShutdownOutputFails() {
        YamuxStreamChannel stream = accept(1);
        stream.shutdownOutput();
        assertThat(stream.writeAndFlush(text("late")).cause()).isInstanceOf(ChannelOutputShutdownException.class);
    }

    @Test
    void onlyBytesCanBeWritten() {
        assertThat(accept(1).writeAndFlush("text").cause())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("String");
    }

    @Test
    void streamClosesWithoutResetOnceBothSidesEnded() {
        YamuxStreamChannel stream = accept(1);
        stream.writeAndFlush(text("answer"));
        stream.shutdownOutput();
        assertThat(stream.isOpen()).isTrue();
        connection.receive(update(FIN, 1, 0));
        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.failure()).isNull();
        assertThat(connection.last().events).containsExactly("active", "output ended", "eof after 0", "inactive");
        assertThat(connection.sentText()).containsExactly("data+ack 1 6", "update+fin 1 0");
        assertThat(connection.yamux.streamCount()).isZero();
    }

    @Test
    void closeAfterBothSidesEndedSendsNoResetThoughBytesAreUnread() {
        connection.autoRead = false;
        connection.receive(data(SYN | FIN, 1, "unread"));
        YamuxStreamChannel stream = connection.inbound.get(0);
        stream.shutdownOutput();
        connection.sent();
        stream.close();
        assertThat(connection.sent()).isEmpty();
        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    void closeBeforeBothSidesEndedResets() {
        YamuxStreamChannel stream = accept(1);
        ChannelFuture written = stream.writeAndFlush(connection.buffer(WINDOW + 1));
        connection.sent();
        ChannelFuture closed = stream.close();
        assertThat(closed.isSuccess()).isTrue();
        assertThat(stream.close().isSuccess()).isTrue();
        assertThat(written.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(connection.sentText()).containsExactly("update+rst 1 0");
        assertThat(connection.last().events).containsExactly("active", "inactive");
        assertThat(stream.writeAndFlush(text("late")).cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(stream.shutdownOutput().cause()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void closeOfAnUnannouncedStreamSendsNothing() {
        YamuxStreamChannel stream = connection.open();
        stream.write(text("never"));
        stream.close();
        assertThat(connection.sent()).isEmpty();
        assertThat(connection.yamux.streamCount()).isZero();
    }

    @Test
    void resetCarriesItsCode() {
        YamuxStreamChannel stream = accept(1);
        stream.reset(0x1002);
        assertThat(connection.sentText()).containsExactly("update+ack+rst 1 4098");
        assertThat(stream.isOpen()).isFalse();
        assertThatThrownBy(() -> stream.reset(1L << 32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> stream.reset(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void framesThatCrossALocalResetAreDropped() {
        YamuxStreamChannel stream = accept(1);
        stream.reset(0);
        connection.sent();
        connection.receive(
                data(0, 1, "late"), update(0, 1, 0xffff_ffffL), update(0, 1, 0xffff_ffffL), update(RST, 1, 0));
        assertThat(connection.sent()).isEmpty();
        assertThat(connection.channel.isOpen()).isTrue();
        assertThat(connection.last().events).containsExactly("active", "inactive");
    }

    @Test
    void windowBeyondThirtyTwoBitsEndsTheConnection() {
        accept(1);
        connection.receive(update(0, 1, 0xffff_ffffL - WINDOW));
        assertThat(connection.channel.isOpen()).isTrue();
        connection.receive(update(0, 1, 1));
        assertThat(connection.sentText()).containsExactly("goaway 0 1");
        assertThat(connection.channel.isOpen()).isFalse();
        assertThat(connection.last().events)
                .containsExactly("active", "error after 0: protocol error: send window exceeds 32 bits", "inactive");
    }

    @Test
    void acknowledgementGrantsOnlyItsLengthAsCredit() {
        YamuxStreamChannel stream = connection.open();
        stream.writeAndFlush(connection.buffer(WINDOW + 200));
        connection.sent();
        connection.receive(update(ACK, 2, 70)); // js-libp2p grants the consumed credit in the same frame
        assertThat(bytes(connection.sent())).isEqualTo(70);
    }

    @Test
    void writeBeyondTheQueueOfTheStreamFails() {
        YamuxStreamChannel stream = accept(1);
        long limit = YamuxLimits.defaults().maxQueuedWriteBytes();
        ChannelFuture fits = stream.write(connection.buffer((int) limit));
        ChannelFuture excess = stream.write(connection.buffer(1));
        assertThat(fits.isDone()).isFalse();
        assertThat(excess.cause()).isInstanceOf(StreamLimitException.class);
        stream.flush();
        assertThat(stream.write(connection.buffer(WINDOW)).isDone()).isFalse();
    }

    private YamuxStreamChannel acceptWithFullQueue(long id, List<ChannelFuture> writes) {
        YamuxStreamChannel stream = accept(id);
        int limit = (int) YamuxLimits.defaults().maxQueuedWriteBytes();
        writes.add(stream.write(connection.buffer(limit)));
        writes.add(stream.write(connection.buffer(1)));
        return stream;
    }

    @Test
    void aStreamWhoseQueueWasExceededIsResetAndClosedOnce() {
        List<ChannelFuture> writes = new ArrayList<>();
        YamuxStreamChannel stream = acceptWithFullQueue(1, writes);
        ChannelFuture closed = stream.close();
        assertThat(closed.isSuccess()).isTrue();
        assertThat(writes.get(0).cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(writes.get(1).cause()).isInstanceOf(StreamLimitException.class);
        assertThat(connection.sentText()).containsExactly("update+ack+rst 1 0");
        assertThat(connection.last().events).containsExactly("active", "inactive");
        assertThat(connection.unreleasedBytes()).isZero();
    }

    @Test
    void creditForAStreamWhoseQueueWasExceededSendsWhatFitsAndNothingAfterItsEnd() {
        List<ChannelFuture> writes = new ArrayList<>();
        YamuxStreamChannel stream = acceptWithFullQueue(1, writes);
        stream.flush();
        connection.receive(update(0, 1, 100));
        assertThat(bytes(connection.sent())).isEqualTo(WINDOW + 100);
        stream.close();
        connection.sent();
        connection.receive(update(0, 1, 100));
        assertThat(connection.sent()).isEmpty();
        assertThat(connection.channel.isOpen()).isTrue();
    }

    /** rust-libp2p acknowledges a stream with the first frame that it has to send, and other frames may come before. */
    @Test
    void aStreamThatIsNotAcknowledgedIsUsedToItsEnd() {
        YamuxStreamChannel stream = connection.open();
        stream.writeAndFlush(text("request"));
        connection.advance(3600);
        assertThat(stream.isOpen()).isTrue();
        connection.receive(data(0, 2, "response"));
        stream.shutdownOutput();
        assertThat(connection.sentText()).containsExactly("data+syn 2 7", "update+fin 2 0");
        connection.receive(update(FIN, 2, 0));
        assertThat(TestConnection.recorder(stream).received).hasToString("response");
        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.failure()).isNull();
    }

    @Test
    void burstIsFlushedOnce() {
        YamuxStreamChannel stream = accept(1);
        int before = connection.writes.flushes;
        stream.writeAndFlush(connection.buffer(3 * FRAME));
        assertThat(connection.writes.flushes).isEqualTo(before + 1);
    }

    @Test
    void responsesOfOneReadLoopAreFlushedOnce() {
        accept(1).pipeline().addFirst(new Echo());
        accept(3).pipeline().addFirst(new Echo());
        int before = connection.writes.flushes;
        connection.receive(data(0, 1, "a"), Frames.ping(SYN, 1), data(0, 3, "b"), data(0, 1, "c"), data(FIN, 1, ""));
        assertThat(connection.writes.flushes).isEqualTo(before + 1);
        assertThat(connection.sentText()).containsExactly("data+ack 1 1", "ping+ack 0 1", "data+ack 3 1", "data 1 1");
    }

    @Test
    void longBurstIsFlushedInParts() {
        YamuxStreamChannel stream = accept(1);
        int before = connection.writes.flushes;
        stream.writeAndFlush(connection.buffer(WINDOW));
        assertThat(connection.writes.flushes - before).isBetween(3, 5);
    }
}
