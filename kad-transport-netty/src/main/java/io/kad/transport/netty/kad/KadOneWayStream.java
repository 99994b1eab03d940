package io.kad.transport.netty.kad;

import io.kad.api.message.KadRequest;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.connection.StreamFailures;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.operation.OperationPromise;
import io.kad.transport.netty.stream.StreamTimer;
import io.kad.wire.encoding.MessageTooLargeException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.jspecify.annotations.Nullable;

/**
 * Outbound stream for one message without a response.
 *
 * <p>The message counts as sent once its bytes and the half-close are written and the remote peer has agreed to the
 * protocol. The stream then lingers until the remote peer half-closes, for {@value #LINGER_SECONDS} s at most: an
 * earlier close would reset it, and a reset can cost the message.
 */
final class KadOneWayStream extends ChannelInboundHandlerAdapter {

    static final long LINGER_SECONDS = 10;

    private final KadRequest message;
    private final KadFrameCodec frameCodec;
    private final OperationPromise<Boolean> promise;
    private @Nullable ChannelHandlerContext context;
    private final StreamTimer linger = new StreamTimer();
    private boolean written;
    private boolean protocolAgreed;
    private boolean inputEnded;

    KadOneWayStream(KadRequest message, KadFrameCodec frameCodec, OperationPromise<Boolean> promise) {
        this.message = message;
        this.frameCodec = frameCodec;
        this.promise = promise;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        try {
            MuxedStream.of(ctx.channel())
                    .writeAndFinish(frameCodec.encode(ctx.alloc(), message))
                    .addListener(finished -> {
                        if (finished.isSuccess()) {
                            written = true;
                            succeedIfDone(ctx);
                        } else {
                            fail(ctx, finished.cause());
                        }
                    });
        } catch (MessageTooLargeException e) {
            promise.fail(Kind.TOO_LARGE, String.valueOf(e.getMessage()));
            ctx.close();
        }
    }

    /** Called on the event loop of the stream when the remote peer has agreed to the protocol. */
    void onAgreed() {
        protocolAgreed = true;
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            succeedIfDone(ctx);
        }
    }

    private void succeedIfDone(ChannelHandlerContext ctx) {
        if (!written || !protocolAgreed) {
            return;
        }
        promise.succeed(true);
        if (inputEnded) {
            ctx.close();
        } else {
            linger.closeAfter(ctx, LINGER_SECONDS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object response) {
        ((ByteBuf) response).release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            if (written && protocolAgreed) {
                ctx.close();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        promise.fail(Kind.RESET, "stream closed before the message was sent");
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        linger.cancel();
    }

    private void fail(ChannelHandlerContext ctx, Throwable cause) {
        promise.fail(StreamFailures.kind(cause), String.valueOf(cause.getMessage()));
        ctx.close();
    }
}
