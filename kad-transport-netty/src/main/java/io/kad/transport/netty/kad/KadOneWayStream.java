package io.kad.transport.netty.kad;

import io.kad.api.message.KadRequest;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.operation.OperationPromise;
import io.kad.transport.netty.stream.StreamTimer;
import io.kad.wire.encoding.MessageTooLargeException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;

/**
 * A stream on which we send one message that has no answer.
 *
 * <p>The message counts as sent once its bytes and the end of our side are written and the peer has agreed to the protocol,
 * whichever comes last. The stream then lingers until the peer has closed its side, for {@value #LINGER_SECONDS} s at most:
 * closing it earlier would reset it, and a reset can cost the message.
 */
final class KadOneWayStream extends ChannelInboundHandlerAdapter {

    static final long LINGER_SECONDS = 10;

    private final KadRequest message;
    private final KadMessages messages;
    private final OperationPromise<Boolean> promise;
    private @Nullable ChannelHandlerContext context;
    private final StreamTimer linger = new StreamTimer();
    private boolean written;
    private boolean agreed;
    private boolean inputEnded;

    KadOneWayStream(KadRequest message, KadMessages messages, OperationPromise<Boolean> promise) {
        this.message = message;
        this.messages = messages;
        this.promise = promise;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        try {
            ctx.writeAndFlush(messages.encode(message)).addListener(writing -> {
                if (writing.isSuccess()) {
                    endOutput(ctx);
                } else {
                    fail(ctx, writing.cause());
                }
            });
        } catch (MessageTooLargeException tooLarge) {
            promise.fail(Kind.TOO_LARGE, String.valueOf(tooLarge.getMessage()));
            ctx.close();
        }
    }

    private void endOutput(ChannelHandlerContext ctx) {
        ((DuplexChannel) ctx.channel()).shutdownOutput().addListener(ending -> {
            if (ending.isSuccess()) {
                written = true;
                succeedIfDone(ctx);
            } else {
                fail(ctx, ending.cause());
            }
        });
    }

    /** Takes note that the peer speaks the protocol; called on the event loop of the stream. */
    void onAgreed() {
        agreed = true;
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            succeedIfDone(ctx);
        }
    }

    private void succeedIfDone(ChannelHandlerContext ctx) {
        if (!written || !agreed) {
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
    public void channelRead(ChannelHandlerContext ctx, Object answer) {
        ((ByteBuf) answer).release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            if (written && agreed) {
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
        promise.fail(Kind.RESET, "the stream was closed before the message was sent");
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        linger.cancel();
    }

    private void fail(ChannelHandlerContext ctx, Throwable cause) {
        promise.fail(KadRequestStream.failureKind(cause), String.valueOf(cause.getMessage()));
        ctx.close();
    }
}
