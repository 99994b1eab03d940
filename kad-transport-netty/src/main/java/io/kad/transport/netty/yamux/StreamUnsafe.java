package io.kad.transport.netty.yamux;

import io.kad.transport.netty.muxer.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.internal.StringUtil;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Transport end of the pipeline of a stream: passes its operations to the send and receive buffers. */
@SuppressWarnings("deprecation") // the handle is deprecated, and the interface still requires it
final class StreamUnsafe implements Channel.Unsafe {

    private final YamuxStreamChannel stream;
    private RecvByteBufAllocator.@Nullable Handle recvHandle;

    StreamUnsafe(YamuxStreamChannel stream) {
        this.stream = stream;
    }

    @Override
    public RecvByteBufAllocator.Handle recvBufAllocHandle() {
        if (recvHandle == null) {
            recvHandle = stream.config().getRecvByteBufAllocator().newHandle();
            recvHandle.reset(stream.config());
        }
        return recvHandle;
    }

    @Override
    public SocketAddress localAddress() {
        return stream.parent().localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return stream.parent().remoteAddress();
    }

    @Override
    public void register(EventLoop eventLoop, ChannelPromise promise) {
        unsupported(promise);
    }

    @Override
    public void bind(SocketAddress localAddress, ChannelPromise promise) {
        unsupported(promise);
    }

    @Override
    public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
        unsupported(promise);
    }

    @Override
    public void disconnect(ChannelPromise promise) {
        close(promise);
    }

    @Override
    public void close(ChannelPromise promise) {
        if (promise.setUncancellable()) {
            stream.closeOrReset(ErrorCode.NONE);
            stream.closeFuture().addListener(closed -> promise.trySuccess());
        }
    }

    @Override
    public void closeForcibly() {
        stream.closeOrReset(ErrorCode.NONE);
    }

    @Override
    public void deregister(ChannelPromise promise) {
        unsupported(promise);
    }

    @Override
    public void beginRead() {
        if (stream.isActive()) {
            stream.receiveBuffer().beginRead();
        }
    }

    @Override
    public void write(Object msg, ChannelPromise promise) {
        if (!promise.setUncancellable()) {
            ReferenceCountUtil.release(msg);
        } else if (msg instanceof ByteBuf bytes) {
            stream.sendBuffer().write(bytes, promise);
        } else {
            ReferenceCountUtil.release(msg);
            promise.tryFailure(new UnsupportedOperationException(
                    "message must be a ByteBuf, got " + StringUtil.simpleClassName(msg)));
        }
    }

    @Override
    public void flush() {
        stream.sendBuffer().flush();
    }

    @Override
    public ChannelPromise voidPromise() {
        return stream.voidPromise();
    }

    /** Returns null, because the stream has its own send buffer. */
    @Override
    public @Nullable ChannelOutboundBuffer outboundBuffer() {
        return null;
    }

    private static void unsupported(ChannelPromise promise) {
        if (promise.setUncancellable()) {
            promise.tryFailure(
                    new UnsupportedOperationException("not supported by a stream: it belongs to its connection"));
        }
    }
}
