package io.kad.transport.netty.muxer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Handler that records what happens on a stream, and acts on it. */
final class StreamTape extends ChannelInboundHandlerAdapter {

    /** Errors and ends, in order. */
    final List<Object> events = new CopyOnWriteArrayList<>();

    /** The stream, from its beginning. */
    final CompletableFuture<MuxedStream> stream = new CompletableFuture<>();

    /** Completes with the received bytes at the end of the remote direction. */
    final CompletableFuture<byte[]> whole = new CompletableFuture<>();

    /** Completes when the stream is inactive. */
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final boolean autoRead;
    private final Consumer<MuxedStream> onRead;
    private final Consumer<MuxedStream> onEnd;
    private final AtomicInteger reads = new AtomicInteger();

    private StreamTape(boolean autoRead, Consumer<MuxedStream> onRead, Consumer<MuxedStream> onEnd) {
        this.autoRead = autoRead;
        this.onRead = onRead;
        this.onEnd = onEnd;
    }

    /** Asserts that the stream ends by the ends of both directions. */
    void assertEndedWithoutError() throws Exception {
        ended.get(60, TimeUnit.SECONDS);
        assertThat(events).containsExactly("end of input", "inactive");
        assertThat(stream.join().channel().isOpen()).isFalse();
    }

    /** Records only. */
    static StreamTape silent() {
        return new StreamTape(true, stream -> {}, stream -> {});
    }

    /** Records, and reads only what is requested. */
    static StreamTape unread() {
        return new StreamTape(false, stream -> {}, stream -> {});
    }

    /** Records, and runs {@code action} within each {@code channelRead}. */
    static StreamTape onRead(Consumer<MuxedStream> action) {
        return new StreamTape(true, action, stream -> {});
    }

    /** Records, and runs {@code action} within the event of the end of the remote direction. */
    static StreamTape onEnd(Consumer<MuxedStream> action) {
        return new StreamTape(true, stream -> {}, action);
    }

    /** Returns the number of buffers that were received so far. */
    int reads() {
        return reads.get();
    }

    /** Returns the number of bytes that were received so far. */
    int receivedBytes() {
        synchronized (received) {
            return received.size();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(autoRead);
        stream.complete(MuxedStream.of(ctx.channel()));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        bytes.release();
        synchronized (received) {
            received.writeBytes(copy);
        }
        reads.incrementAndGet();
        onRead.accept(MuxedStream.of(ctx.channel()));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            events.add("end of input");
            synchronized (received) {
                whole.complete(received.toByteArray());
            }
            onEnd.accept(MuxedStream.of(ctx.channel()));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        events.add(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        events.add("inactive");
        ended.complete(null);
    }
}
