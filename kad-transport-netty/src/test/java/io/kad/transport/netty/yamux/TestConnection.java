package io.kad.transport.netty.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.yamux.Frames.Sent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Connection with a real handler, whose remote peer is the test. */
final class TestConnection implements AutoCloseable {

    private static final AttributeKey<Recorder> RECORDER = AttributeKey.valueOf(TestConnection.class, "recorder");

    final EmbeddedChannel channel;
    final YamuxHandler yamux;
    final WriteBlocker writes = new WriteBlocker();
    final List<YamuxStreamChannel> inbound = new ArrayList<>();
    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

    /** Automatic reading of inbound streams; true by default. */
    boolean autoRead = true;

    /** Creates a connection that the remote peer dialled: inbound stream IDs are odd. */
    TestConnection() {
        this(false, YamuxLimits.defaults());
    }

    TestConnection(boolean initiator, YamuxLimits limits) {
        yamux = new YamuxHandler(initiator, limits, new ChannelInitializer<YamuxStreamChannel>() {
            @Override
            protected void initChannel(YamuxStreamChannel stream) {
                stream.config().setAutoRead(autoRead);
                record(stream);
                inbound.add(stream);
            }
        });
        channel = new EmbeddedChannel(false, false);
        channel.config().setAllocator(allocator);
        channel.pipeline().addLast(writes, yamux);
        try {
            channel.register();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        channel.freezeTime();
    }

    /** Receives bytes in one read loop. */
    void receive(byte[]... parts) {
        channel.writeInbound(buffer(Frames.join(parts)));
        channel.runPendingTasks();
    }

    /** Receives bytes in segments of {@code size} bytes, in one read loop. */
    void receiveInPieces(byte[] bytes, int size) {
        for (int from = 0; from < bytes.length && channel.isOpen(); from += size) {
            int length = Math.min(size, bytes.length - from);
            channel.pipeline().fireChannelRead(allocator.buffer(length).writeBytes(bytes, from, length));
        }
        channel.pipeline().fireChannelReadComplete();
        channel.runPendingTasks();
    }

    /** Returns the bytes sent since the last call. */
    byte[] sentBytes() {
        channel.runPendingTasks();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            all.writeBytes(ByteBufUtil.getBytes(next));
            next.release();
        }
        return all.toByteArray();
    }

    /** Returns the frames sent since the last call. */
    List<Sent> sent() {
        return Frames.parse(sentBytes());
    }

    /** Returns the frames sent since the last call, as text. */
    List<String> sentText() {
        return sent().stream().map(Sent::toString).toList();
    }

    YamuxStreamChannel open() {
        Future<MuxedStream> opened = openLater();
        assertThat(opened.isSuccess()).isTrue();
        return (YamuxStreamChannel) opened.getNow().channel();
    }

    Future<MuxedStream> openLater() {
        return yamux.openStream(recording());
    }

    static ChannelHandler recording() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                record(stream);
            }
        };
    }

    private static void record(Channel stream) {
        Recorder recorder = new Recorder();
        stream.attr(RECORDER).set(recorder); // the pipeline of a closed stream is empty
        stream.pipeline().addLast(recorder);
    }

    Recorder last() {
        return recorder(inbound.get(inbound.size() - 1));
    }

    static Recorder recorder(YamuxStreamChannel stream) {
        return stream.attr(RECORDER).get();
    }

    ByteBuf buffer(byte[] bytes) {
        return allocator.buffer(Math.max(bytes.length, 1)).writeBytes(bytes);
    }

    ByteBuf buffer(int size) {
        return allocator.buffer(Math.max(size, 1)).writeZero(size);
    }

    void advance(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    /** Sets the writability of the connection. */
    void setWritable(boolean writable) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        channel.runPendingTasks();
    }

    /** Returns the bytes of unreleased buffers. */
    long unreleasedBytes() {
        return allocator.metric().usedHeapMemory();
    }

    /** Closes the connection, and fails if a buffer was not released. */
    @Override
    public void close() {
        writes.unblock();
        channel.finishAndReleaseAll();
        channel.runPendingTasks();
        channel.checkException();
        assertThat(yamux.streamCount()).isZero();
        assertThat(unreleasedBytes()).as("bytes not released").isZero();
    }

    /** Last outbound handler: counts flushes, and can block writes. */
    static final class WriteBlocker extends ChannelOutboundHandlerAdapter {

        int flushes;
        private boolean blocked;
        private final List<Object> messages = new ArrayList<>();
        private final List<ChannelPromise> promises = new ArrayList<>();
        private ChannelHandlerContext ctx;

        void block() {
            blocked = true;
        }

        void unblock() {
            blocked = false;
            for (int i = 0; i < messages.size(); i++) {
                ctx.write(messages.get(i), promises.get(i));
            }
            messages.clear();
            promises.clear();
            ctx.flush();
        }

        void fail(Throwable cause) {
            blocked = false;
            messages.forEach(ReferenceCountUtil::release);
            messages.clear();
            List<ChannelPromise> failed = List.copyOf(promises);
            promises.clear();
            failed.forEach(promise -> promise.tryFailure(cause));
        }

        int pending() {
            return messages.size();
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            ctx = context;
        }

        @Override
        public void write(ChannelHandlerContext context, Object msg, ChannelPromise promise) {
            if (blocked) {
                messages.add(msg);
                promises.add(promise);
            } else {
                context.write(msg, promise);
            }
        }

        @Override
        public void flush(ChannelHandlerContext context) {
            flushes++;
            context.flush();
        }
    }
}
