package io.kad.transport.netty.muxer;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.transport.netty.limit.ByteBudget;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.SendBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What protocols rely on of every muxer, over real sockets. A subclass connects the two ends; each rule of {@link MuxedConnection} and {@link
 * MuxedStream} that a muxer could break has a test here.
 */
public abstract class MuxerContractTest {

    private static final int LARGE = 300_000;

    /** More than a peer buffers for a stream that is not read. */
    private static final int FAR_BEYOND_A_WINDOW = 32 << 20;

    private static final long SEND_LIMIT = 64 << 20;

    /** Event loops of both ends. */
    protected final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

    private final BlockingQueue<StreamTape> accepted = new LinkedBlockingQueue<>();
    private final ByteBudget sendBytes = new ByteBudget(Long.MAX_VALUE / 4);
    private volatile Supplier<StreamTape> acceptor = StreamTape::silent;
    private Ends ends;

    /** The two ends of one connection. */
    public record Ends(MuxedConnection dialler, MuxedConnection listener) {}

    /** What an end of a connection is made with. */
    protected interface End {

        /** Returns the first handler of inbound streams. */
        ChannelHandler inbound();

        /** Returns the budget of a connection whose channel has the given event loop. */
        ConnectionBudget budget(Channel connection);
    }

    /** Connects two ends over loopback, on {@link #group}. */
    protected abstract Ends connect(End dialler, End listener) throws Exception;

    /** Returns the largest code that the muxer can send; it sends this one for those beyond it. */
    protected long largestCode() {
        return ErrorCode.MAX;
    }

    /** Closes what {@link #connect} opened besides the connection. */
    protected abstract void disconnect() throws Exception;

    private final class RecordingEnd implements End {

        @Override
        public ChannelHandler inbound() {
            return new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel stream) {
                    StreamTape tape = acceptor.get();
                    stream.pipeline().addLast(tape);
                    accepted.add(tape);
                }

                @Override
                public boolean isSharable() {
                    return true;
                }
            };
        }

        @Override
        public ConnectionBudget budget(Channel connection) {
            LimitCounters counters = new LimitCounters();
            return new ConnectionBudget(
                    new SendBudget(
                            connection.eventLoop(), SEND_LIMIT, 0, sendBytes.addConnection("end", () -> {}), counters),
                    new ByteBudget(Long.MAX_VALUE / 4).addConnection("end", () -> {}),
                    counters);
        }
    }

    @BeforeEach
    void connectBothEnds() throws Exception {
        ends = connect(new RecordingEnd(), new RecordingEnd());
    }

    @AfterEach
    void closeBothEnds() throws Exception {
        if (group.isTerminated()) {
            return;
        }
        get(ends.dialler().close(ErrorCode.NONE));
        get(ends.listener().close(ErrorCode.NONE));
        disconnect();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(sendBytes.chargedBytes())
                        .as("bytes that are charged after all")
                        .isZero());
        group.shutdownGracefully(0, 5, SECONDS).sync();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(60, SECONDS);
    }

    private StreamTape open(StreamTape tape) throws Exception {
        return open(ends.dialler(), tape);
    }

    private static StreamTape open(MuxedConnection from, StreamTape tape) throws Exception {
        MuxedStream opened = get(from.openStream(tape));
        assertThat(opened).isSameAs(tape.stream.join());
        assertThat(opened.channel().parent()).isSameAs(from.channel());
        return tape;
    }

    /** Returns the other end of the stream that was opened last, once its first bytes have arrived. */
    private StreamTape other() throws InterruptedException {
        StreamTape tape = accepted.poll(60, SECONDS);
        assertThat(tape).as("inbound stream").isNotNull();
        return tape;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static ByteBuf buffer(byte[] bytes) {
        return Unpooled.copiedBuffer(bytes);
    }

    private static void write(StreamTape tape, byte[] bytes) {
        tape.stream.join().channel().writeAndFlush(buffer(bytes));
    }

    private static ChannelFuture finish(StreamTape tape, byte[] bytes) {
        return tape.stream.join().writeAndFinish(buffer(bytes));
    }

    // --- ends of one direction

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndOfOneDirectionLeavesTheOtherOpen(boolean openerEndsFirst) throws Exception {
        StreamTape opener = open(StreamTape.silent());
        write(opener, random(1));
        StreamTape inbound = other();
        StreamTape first = openerEndsFirst ? opener : inbound;
        StreamTape second = openerEndsFirst ? inbound : opener;
        get(finish(first, random(100)));
        assertThat(first.stream.join().isFinished()).isTrue();
        get(second.whole);
        assertThat(second.stream.join().channel().isActive()).isTrue();
        assertThat(second.stream.join().isFinished()).isFalse();
        write(second, random(5000));
        await().atMost(Duration.ofSeconds(60)).until(() -> first.receivedBytes() >= 5000);
        get(second.stream.join().finish());
        first.assertEndedWithoutError();
        second.assertEndedWithoutError();
    }

    @Test
    void theLastBytesArriveWithTheEnd() throws Exception {
        StreamTape opener = open(StreamTape.silent());
        write(opener, random(1000));
        get(finish(opener, random(LARGE)));
        StreamTape inbound = other();
        byte[] received = get(inbound.whole);
        assertThat(received).hasSize(1000 + LARGE).endsWith(random(LARGE));
        get(finish(inbound, random(LARGE)));
        assertThat(get(opener.whole)).isEqualTo(random(LARGE));
        opener.assertEndedWithoutError();
        inbound.assertEndedWithoutError();
    }

    @Test
    void theEndComesBehindWritesThatAreNotFlushed() throws Exception {
        StreamTape opener = open(StreamTape.silent());
        Channel channel = opener.stream.join().channel();
        ChannelFuture written = channel.write(buffer(random(LARGE)));
        get(opener.stream.join().finish());
        assertThat(written.isSuccess()).isTrue();
        assertThat(get(other().whole)).isEqualTo(random(LARGE));
    }

    @Test
    void nothingIsWrittenAfterTheEnd() throws Exception {
        StreamTape opener = open(StreamTape.silent());
        get(finish(opener, random(10)));
        ChannelFuture late = opener.stream.join().channel().writeAndFlush(buffer(random(1)));
        assertThat(late.await(60, SECONDS)).isTrue();
        assertThat(late.isSuccess()).isFalse();
        assertThat(get(other().whole)).hasSize(10);
    }

    @Test
    void furtherEndsOfOneDirectionReturnAfterTheFirst() throws Exception {
        StreamTape opener = open(StreamTape.silent());
        MuxedStream stream = opener.stream.join();
        ChannelFuture first = stream.writeAndFinish(buffer(random(LARGE)));
        ChannelFuture second = stream.finish();
        get(second);
        assertThat(first.isSuccess()).isTrue();
        get(stream.finish());
        assertThat(get(other().whole)).hasSize(LARGE);
    }

    /** An end that is sent on its own from within an event, where an acknowledgement of all earlier bytes may overtake it, is not lost. */
    @Test
    void noEndIsLostAmongManyStreams() throws Exception {
        acceptor = () -> StreamTape.onEnd(MuxedStream::finish);
        for (int number = 0; number < 1000; number++) {
            StreamTape opener = open(StreamTape.silent());
            write(opener, random(100));
            opener.stream.join().finish();
            opener.assertEndedWithoutError();
            other().assertEndedWithoutError();
        }
    }

    // --- resets

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 0x1002, 0xffff_ffffL})
    void theCodeOfAResetArrives(long sent) throws Exception {
        long code = Math.min(sent, largestCode());
        StreamTape opener = open(StreamTape.silent());
        write(opener, random(10));
        StreamTape inbound = other();
        await().atMost(Duration.ofSeconds(60)).until(() -> inbound.receivedBytes() == 10);
        get(opener.stream.join().reset(sent));
        get(inbound.ended);
        assertThat(inbound.events).hasSize(2).last().isEqualTo("inactive");
        assertThat(inbound.events.get(0))
                .isInstanceOfSatisfying(
                        StreamResetException.class,
                        reset -> assertThat(reset.code()).isEqualTo(code));
        assertThat(inbound.stream.join().channel().isOpen()).isFalse();
        get(opener.ended);
        assertThat(opener.events).as("a local end").containsExactly("inactive");
        assertThat(ends.dialler().isOpen()).isTrue();
        assertThat(ends.listener().isOpen()).isTrue();
    }

    @Test
    void aResetOfTheListenerArrivesAtTheOpener() throws Exception {
        StreamTape opener = open(StreamTape.silent());
        write(opener, random(10));
        other().stream.join().reset(7);
        get(opener.ended);
        assertThat(opener.events.get(0))
                .isInstanceOfSatisfying(
                        StreamResetException.class,
                        reset -> assertThat(reset.code()).isEqualTo(7));
    }

    @Test
    void aCodeOutOfRangeIsRefused() throws Exception {
        MuxedStream stream = open(StreamTape.silent()).stream.join();
        assertThatThrownBy(() -> stream.reset(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> stream.reset(1L << 32)).isInstanceOf(IllegalArgumentException.class);
        assertThat(stream.channel().isOpen()).isTrue();
    }

    @Test
    void aCloseBeforeBothEndsIsAReset() throws Exception {
        StreamTape opener = open(StreamTape.silent());
        get(finish(opener, random(10)));
        StreamTape inbound = other();
        get(inbound.whole);
        get(inbound.stream.join().channel().close());
        get(opener.ended);
        assertThat(opener.events.get(0))
                .isInstanceOfSatisfying(
                        StreamResetException.class,
                        reset -> assertThat(reset.code()).isEqualTo(ErrorCode.NONE));
        get(inbound.ended);
        assertThat(inbound.events).containsExactly("end of input", "inactive");
    }

    @Test
    void aCloseWithinAReadEndsTheStreamOnceAndDeliversNoMore() throws Exception {
        acceptor = () -> StreamTape.onRead(stream -> stream.channel().close());
        StreamTape opener = open(StreamTape.silent());
        Channel channel = opener.stream.join().channel();
        ChannelFuture last = channel.writeAndFlush(buffer(random(2 << 20)));
        StreamTape inbound = other();
        get(inbound.ended);
        get(opener.ended);
        assertThat(inbound.events).containsExactly("inactive");
        assertThat(inbound.reads()).isEqualTo(1);
        assertThat(opener.events.get(0)).isInstanceOf(StreamResetException.class);
        assertThat(last.await(60, SECONDS)).isTrue();
        assertThat(last.isSuccess()).isFalse();
    }

    @Test
    void pendingWritesFailWhenTheStreamIsReset() throws Exception {
        acceptor = StreamTape::unread;
        StreamTape opener = open(StreamTape.silent());
        ChannelFuture pending = opener.stream.join().channel().writeAndFlush(buffer(random(3 << 20)));
        StreamTape inbound = other();
        inbound.stream.join().reset(5);
        assertThat(pending.await(60, SECONDS)).isTrue();
        assertThat(pending.cause()).isInstanceOfAny(StreamResetException.class, ClosedChannelException.class);
        get(opener.ended);
        assertThat(opener.events.get(0)).isInstanceOf(StreamResetException.class);
    }

    // --- loss of the connection

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLossOfTheConnectionEndsEachStreamOnceWithItsReason(boolean diallerCloses) throws Exception {
        acceptor = StreamTape::unread;
        List<StreamTape> tapes = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            StreamTape opener = open(StreamTape.silent());
            write(opener, random(10));
            tapes.add(opener);
            tapes.add(other());
        }
        ChannelFuture pending = tapes.get(0).stream.join().channel().writeAndFlush(buffer(random(3 << 20)));
        MuxedConnection closing = diallerCloses ? ends.dialler() : ends.listener();
        MuxedConnection other = diallerCloses ? ends.listener() : ends.dialler();
        get(closing.close(0x1006));
        for (StreamTape tape : tapes) {
            get(tape.ended);
            assertThat(tape.events).hasSize(2).last().isEqualTo("inactive");
            assertThat(tape.events.get(0)).isInstanceOf(ConnectionLostException.class);
        }
        assertThat(pending.await(60, SECONDS)).isTrue();
        assertThat(pending.cause()).isInstanceOfAny(ConnectionLostException.class, ClosedChannelException.class);
        for (MuxedConnection end : List.of(closing, other)) {
            assertThat(end.isOpen()).isFalse();
            assertThat(end.endReason()).isPresent();
            assertThat(end.streamCount()).isZero();
            assertThat(end.channel().closeFuture().await(60, SECONDS)).isTrue();
            var late = end.openStream(StreamTape.silent());
            assertThat(late.await(60, SECONDS)).isTrue();
            assertThat(late.cause()).isInstanceOf(ConnectionLostException.class);
        }
    }

    @Test
    void theCodeOfAClosedConnectionArrives() throws Exception {
        StreamTape opener = open(StreamTape.silent());
        write(opener, random(10));
        StreamTape inbound = other();
        await().atMost(Duration.ofSeconds(60)).until(() -> inbound.receivedBytes() == 10);
        get(ends.dialler().close(0x1006));
        get(inbound.ended);
        assertThat(inbound.events.get(0))
                .isInstanceOfSatisfying(
                        ConnectionLostException.class,
                        lost -> assertThat(lost.code()).isEqualTo(0x1006));
    }

    @Test
    void aCodeOutOfRangeClosesNoConnection() {
        assertThatThrownBy(() -> ends.dialler().close(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(ends.dialler().isOpen()).isTrue();
    }

    @Test
    void anOpenConnectionHasNoReasonAndAProbeLeavesItOpen() throws Exception {
        acceptor = () -> StreamTape.onEnd(MuxedStream::finish); // a probe may be a stream of its own
        ends.dialler().probe();
        ends.listener().probe();
        StreamTape opener = open(StreamTape.silent());
        get(finish(opener, random(1)));
        get(opener.ended);
        assertThat(ends.dialler().isOpen()).isTrue();
        assertThat(ends.dialler().endReason()).isEmpty();
    }

    // --- flow control

    @Test
    void unreadBytesHoldTheSenderBackAndEachReadTakesOneBuffer() throws Exception {
        acceptor = StreamTape::unread;
        StreamTape opener = open(StreamTape.silent());
        Channel sender = opener.stream.join().channel();
        int part = 64 << 10;
        AtomicInteger written = new AtomicInteger();
        for (int sent = 0; sent < FAR_BEYOND_A_WINDOW; sent += part) {
            if (!sender.isWritable()) {
                break;
            }
            sender.writeAndFlush(buffer(random(part))).addListener(done -> written.addAndGet(part));
            int pending = sent;
            await().atMost(Duration.ofSeconds(60)).until(() -> !sender.isWritable() || written.get() >= pending);
        }
        assertThat(sender.isWritable())
                .as("more is written than a peer takes unread")
                .isFalse();
        StreamTape inbound = other();
        assertThat(inbound.reads()).isZero();
        Channel receiver = inbound.stream.join().channel();
        receiver.read();
        await().atMost(Duration.ofSeconds(60)).until(() -> inbound.reads() == 1);
        receiver.eventLoop().submit(() -> {}).get(60, SECONDS);
        assertThat(inbound.reads()).isEqualTo(1);
        opener.stream.join().finish();
        receiver.config().setAutoRead(true);
        get(inbound.whole);
        await().atMost(Duration.ofSeconds(60)).until(() -> inbound.receivedBytes() == written.get());
    }

    @Test
    void aWriterThatAsksWhetherToWriteStopsBehindFewBytesAndGoesOn() throws Exception {
        int total = 20_000_000;
        EagerWriter writer = new EagerWriter(total);
        MuxedStream sender = get(ends.dialler().openStream(writer));
        StreamTape inbound = other();
        get(writer.ended);
        assertThat(get(inbound.whole)).hasSize(total);
        assertThat(writer.mostPending.get()).as("bytes that wait").isLessThan(256 << 10);
        inbound.stream.join().finish();
        get(sender.channel().closeFuture());
    }

    @Test
    void aWriterOfAStreamThatIsNotReadStopsUntilItIs() throws Exception {
        acceptor = StreamTape::unread;
        EagerWriter writer = new EagerWriter(FAR_BEYOND_A_WINDOW);
        Channel sender = get(ends.dialler().openStream(writer)).channel();
        StreamTape inbound = other();
        await().atMost(Duration.ofSeconds(60)).until(() -> !sender.isWritable());
        assertThat(writer.mostPending.get()).as("bytes that wait").isLessThan(256 << 10);
        int before = writer.changes.get();
        inbound.stream.join().channel().config().setAutoRead(true);
        get(writer.ended);
        assertThat(writer.changes.get()).isGreaterThan(before);
        get(inbound.whole);
        inbound.stream.join().finish();
        get(sender.closeFuture());
    }

    @Test
    void theEndWaitsForTheReaderOfTheBytesBeforeIt() throws Exception {
        acceptor = StreamTape::unread;
        StreamTape opener = open(StreamTape.silent());
        get(finish(opener, random(1000)));
        StreamTape inbound = other();
        assertThat(inbound.whole).isNotDone();
        inbound.stream.join().channel().config().setAutoRead(true);
        assertThat(get(inbound.whole)).hasSize(1000);
    }

    @Test
    void aProgressivePromiseIsToldOfTheParts() throws Exception {
        StreamTape opener = open(StreamTape.silent());
        Channel channel = opener.stream.join().channel();
        ChannelProgressivePromise promise = channel.newProgressivePromise();
        List<Long> parts = new ArrayList<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        promise.addListener(new ChannelProgressiveFutureListener() {
            @Override
            public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
                assertThat(total).isEqualTo(LARGE);
                parts.add(progress);
            }

            @Override
            public void operationComplete(ChannelProgressiveFuture future) {
                done.complete(null);
            }
        });
        channel.writeAndFlush(buffer(random(LARGE)), promise);
        get(done);
        assertThat(promise.isSuccess()).isTrue();
        assertThat(parts).hasSizeGreaterThanOrEqualTo(3).isSorted();
    }

    // --- limits

    @Test
    void aWriteBeyondTheBudgetFailsAndTheStreamGoesOn() throws Exception {
        StreamTape opener = open(StreamTape.silent());
        Channel channel = opener.stream.join().channel();
        ByteBuf tooMuch = Unpooled.wrappedBuffer(new byte[(int) SEND_LIMIT + (2 << 20)]);
        ChannelFuture refused = channel.writeAndFlush(tooMuch);
        assertThat(refused.await(60, SECONDS)).isTrue();
        assertThat(refused.cause()).isInstanceOf(StreamLimitException.class);
        assertThat(tooMuch.refCnt()).isZero();
        ByteBuf alsoTooMuch = Unpooled.wrappedBuffer(new byte[(int) SEND_LIMIT + (2 << 20)]);
        ChannelFuture unfinished = opener.stream.join().writeAndFinish(alsoTooMuch);
        assertThat(unfinished.await(60, SECONDS)).isTrue();
        assertThat(unfinished.cause()).isInstanceOf(StreamLimitException.class);
        assertThat(opener.stream.join().isFinished()).isFalse();
        get(finish(opener, random(10)));
        assertThat(get(other().whole)).isEqualTo(random(10));
    }

    @Test
    void whatIsNotSentIsChargedUntilItIsDropped() throws Exception {
        acceptor = StreamTape::unread;
        StreamTape opener = open(StreamTape.silent());
        int size = 3 << 20;
        ChannelFuture pending = opener.stream.join().channel().writeAndFlush(buffer(random(size)));
        other();
        assertThat(sendBytes.chargedBytes()).isBetween(1L, (long) size + (64 << 10));
        opener.stream.join().channel().close();
        assertThat(pending.await(60, SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(60)).until(() -> sendBytes.chargedBytes() == 0);
    }

    @Test
    void manyStreamsShareAConnectionAndThoseBeyondTheLimitWait() throws Exception {
        acceptor = () -> StreamTape.onEnd(stream -> stream.writeAndFinish(buffer(random(3000))));
        List<StreamTape> tapes = new ArrayList<>();
        int count = 600;
        for (int number = 0; number < count; number++) {
            StreamTape tape = StreamTape.silent();
            tapes.add(tape);
            MuxedConnection end = number % 2 == 0 ? ends.dialler() : ends.listener();
            end.openStream(tape).addListener(opened -> {
                if (opened.isSuccess()) {
                    ((MuxedStream) opened.getNow()).writeAndFinish(buffer(random(2000)));
                }
            });
        }
        for (StreamTape tape : tapes) {
            assertThat(get(tape.whole)).isEqualTo(random(3000));
            tape.assertEndedWithoutError();
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        ends.dialler().streamCount() == 0 && ends.listener().streamCount() == 0);
        long opened = get(ends.dialler().channel().eventLoop().submit(ends.dialler()::openedStreamCount));
        assertThat(opened).isEqualTo(count);
    }

    @Test
    void nothingHangsOrIsThrownAfterTheEndOfTheEventLoop() throws Exception {
        StreamTape opener = open(StreamTape.silent());
        write(opener, random(10));
        other();
        MuxedStream stream = opener.stream.join();
        group.shutdownGracefully(0, 5, SECONDS).sync();
        ByteBuf last = buffer(random(10));
        Map<String, Future<?>> calls = Map.of(
                "write and finish", stream.writeAndFinish(last),
                "finish", stream.finish(),
                "reset", stream.reset(ErrorCode.NONE),
                "open", ends.dialler().openStream(StreamTape.silent()),
                "close", ends.dialler().close(ErrorCode.NONE));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(calls)
                        .allSatisfy((name, call) ->
                                assertThat(call.isDone()).as(name).isTrue()));
        assertThat(last.refCnt()).isZero();
        ends.dialler().probe();
    }

    @Test
    void theChannelOfTheConnectionIsNoStream() {
        Channel connection = ends.dialler().channel();
        assertThatThrownBy(() -> MuxedStream.of(connection)).isInstanceOf(IllegalStateException.class);
    }
}
