package io.kad.transport.netty.kad;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.operation.OperationPromise;
import io.kad.transport.netty.stream.FrameReader;
import io.kad.transport.netty.stream.ReceiveBudget;
import io.kad.transport.netty.stream.StreamTimer;
import io.kad.transport.netty.yamux.frame.YamuxConnectionException;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;

/**
 * A stream on which we send one request and read one answer.
 *
 * <p>Our side is closed after the answer, not with the request: js resets a stream whose end comes in the frame of the
 * request. The stream then lingers until the peer has closed its side too, for {@value #LINGER_SECONDS} s at most.
 */
final class KadRequestStream extends ChannelInboundHandlerAdapter {

    static final long LINGER_SECONDS = 5;

    private final KadRequest request;
    private final KadMessages messages;
    private final OperationPromise<KadResponse> promise;
    private final FrameReader reader;
    private final StreamTimer linger = new StreamTimer();
    private boolean answered;

    KadRequestStream(
            KadRequest request, KadMessages messages, ReceiveBudget budget, OperationPromise<KadResponse> promise) {
        this.request = request;
        this.messages = messages;
        this.promise = promise;
        this.reader = new FrameReader(messages.maxMessageBytes(), budget);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        try {
            ctx.writeAndFlush(messages.encode(request));
        } catch (MessageTooLargeException tooLarge) {
            fail(ctx, Kind.TOO_LARGE, String.valueOf(tooLarge.getMessage()));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (answered) {
            ((ByteBuf) message).release();
            return;
        }
        try {
            reader.add(ctx.alloc(), (ByteBuf) message);
            ByteBuf answer = reader.next();
            if (answer != null) {
                receive(ctx, answer);
            }
        } catch (DecoderException | MalformedMessageException malformed) {
            fail(ctx, Kind.INVALID, String.valueOf(malformed.getMessage()));
        }
    }

    private void receive(ChannelHandlerContext ctx, ByteBuf answer) throws MalformedMessageException {
        KadResponse response = messages.decodeResponse(answer, request);
        answered = true;
        promise.succeed(response);
        ((DuplexChannel) ctx.channel()).shutdownOutput();
        linger.closeAfter(ctx, LINGER_SECONDS);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            promise.fail(Kind.RESET, "the peer ended the stream before it answered");
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, failureKind(cause), String.valueOf(cause.getMessage()));
    }

    /** Tells the loss of the connection, after which a new one may be tried, from that of the stream. */
    static Kind failureKind(Throwable cause) {
        return cause instanceof YamuxConnectionException ? Kind.CLOSED : Kind.RESET;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        promise.fail(Kind.RESET, "the stream was closed before the answer");
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
