package io.kad.transport.netty.kad;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.connection.StreamFailures;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.operation.OperationPromise;
import io.kad.transport.netty.stream.MessageReader;
import io.kad.transport.netty.stream.ReceiveBudget;
import io.kad.transport.netty.stream.StreamTimer;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

/**
 * Outbound stream for one request and its response.
 *
 * <p>It is half-closed after the response, not with the request: js-libp2p resets a stream whose half-close arrives in
 * the frame of the request. The stream then lingers until the remote peer half-closes too, for {@value #LINGER_SECONDS}
 * s at most.
 */
final class KadRequestStream extends ChannelInboundHandlerAdapter {

    static final long LINGER_SECONDS = 5;

    private final KadRequest request;
    private final KadFrameCodec frameCodec;
    private final OperationPromise<KadResponse> promise;
    private final ReceiveBudget budget;
    private final MessageReader reader;
    private final StreamTimer linger = new StreamTimer();
    private boolean responseReceived;
    private @Nullable ChannelHandlerContext context;

    KadRequestStream(
            KadRequest request, KadFrameCodec frameCodec, ReceiveBudget budget, OperationPromise<KadResponse> promise) {
        this.request = request;
        this.frameCodec = frameCodec;
        this.promise = promise;
        this.budget = budget;
        this.reader = new MessageReader(frameCodec.limits().maxResponseBytes(request), budget, this::drop);
    }

    private void drop(String reason) {
        promise.fail(Kind.OVERLOADED, reason);
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        try {
            ctx.writeAndFlush(frameCodec.encode(request)).addListener(written -> {
                if (!written.isSuccess()) {
                    fail(ctx, StreamFailures.kind(written.cause()), "cannot send the request: " + written.cause());
                }
            });
        } catch (MessageTooLargeException e) {
            fail(ctx, Kind.TOO_LARGE, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (responseReceived) {
            ((ByteBuf) message).release();
            return;
        }
        try {
            reader.add(ctx.alloc(), (ByteBuf) message);
            ByteBuf frame = reader.next();
            if (frame != null) {
                receive(ctx, frame);
            }
        } catch (TooLongFrameException e) {
            budget.counters().count(KadLimits.responseLimit(request), "dropped a response: " + e.getMessage());
            fail(ctx, Kind.INVALID, String.valueOf(e.getMessage()));
        } catch (DecoderException | MalformedMessageException e) {
            fail(ctx, Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }

    private void receive(ChannelHandlerContext ctx, ByteBuf frame) throws MalformedMessageException {
        KadResponse response = frameCodec.decodeResponse(frame, request);
        responseReceived = true;
        promise.succeed(response);
        MuxedStream.of(ctx.channel()).finish();
        linger.closeAfter(ctx, LINGER_SECONDS);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            promise.fail(Kind.RESET, "stream ended before the response");
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, StreamFailures.kind(cause), String.valueOf(cause.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        promise.fail(Kind.RESET, "stream closed before the response");
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        reader.release();
        linger.cancel();
    }

    private void fail(ChannelHandlerContext ctx, Kind kind, String message) {
        promise.fail(kind, message);
        ctx.close();
    }
}
