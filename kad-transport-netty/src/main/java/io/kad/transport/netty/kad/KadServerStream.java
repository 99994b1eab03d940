package io.kad.transport.netty.kad;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.stream.FrameReader;
import io.kad.transport.netty.stream.StreamTimer;
import io.kad.wire.encoding.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream on which a peer sends requests and we answer, one after the other and in order.
 *
 * <p>A half-closed stream is answered all the same, and an open one is read on. While a request is being answered nothing is
 * read, so that what a peer has in flight is bounded by the window of the stream. A stream that is idle is reset.
 */
public final class KadServerStream extends ChannelInboundHandlerAdapter {

    /** How long a stream may be without a request, and a request without an answer, in seconds. go waits as long. */
    static final long IDLE_SECONDS = 60;

    private static final Logger LOG = LoggerFactory.getLogger(KadServerStream.class);

    private final PeerConnection connection;
    private final TransportHandler handler;
    private final KadMessages messages;
    private final FrameReader reader;
    private final StreamTimer idle = new StreamTimer();
    private boolean serving;
    private boolean answering;
    private boolean inputEnded;

    public KadServerStream(PeerConnection connection, TransportHandler handler, KadMessages messages) {
        this.connection = connection;
        this.handler = handler;
        this.messages = messages;
        this.reader = new FrameReader(messages.maxMessageBytes(), connection.receiveBudget());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        idle.closeAfter(ctx, IDLE_SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            reader.add(ctx.alloc(), (ByteBuf) message);
        } catch (DecoderException tooMuch) {
            LOG.debug("{} is cut short: {}", connection.peer(), tooMuch.getMessage());
            ctx.close();
            return;
        }
        serveNext(ctx);
    }

    /** Takes up requests as long as they are there and are answered at once; a loop, as a peer may send thousands in a row. */
    private void serveNext(ChannelHandlerContext ctx) {
        if (serving) {
            return;
        }
        serving = true;
        try {
            boolean more = true;
            while (more && !answering && ctx.channel().isActive()) {
                more = serveOne(ctx);
            }
        } catch (DecoderException | MalformedMessageException malformed) {
            LOG.debug("{} sent a bad request: {}", connection.peer(), malformed.getMessage());
            ctx.close();
        } finally {
            serving = false;
        }
        ctx.channel().config().setAutoRead(!answering);
    }

    /** Takes up one request and returns whether there was one. */
    private boolean serveOne(ChannelHandlerContext ctx) throws MalformedMessageException {
        ByteBuf message = reader.next();
        if (message != null) {
            serve(ctx, message);
            return true;
        }
        if (inputEnded) {
            endOutput(ctx);
        }
        return false;
    }

    private void serve(ChannelHandlerContext ctx, ByteBuf message) throws MalformedMessageException {
        KadRequest request = messages.decodeRequest(message);
        answering = true;
        idle.closeAfter(ctx, IDLE_SECONDS);
        handler.onRequest(
                new InboundRequest(connection.peer(), connection.remoteAddress(), request), new StreamResponder(ctx));
    }

    private void endOutput(ChannelHandlerContext ctx) {
        if (reader.hasPartialMessage()) {
            ctx.close();
        } else {
            ((DuplexChannel) ctx.channel()).shutdownOutput().addListener(ended -> ctx.close());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            serveNext(ctx);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("kad stream of {}: {}", connection.peer(), cause.getMessage());
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        reader.release();
        idle.cancel();
    }

    /** Ends the one request that this stream is answering. */
    private final class StreamResponder implements Responder {

        private final ChannelHandlerContext ctx;
        private final AtomicBoolean used = new AtomicBoolean();

        StreamResponder(ChannelHandlerContext ctx) {
            this.ctx = ctx;
        }

        @Override
        public void respond(KadResponse response) {
            once(() -> {
                ctx.writeAndFlush(messages.encode(response));
                goOn();
            });
        }

        @Override
        public void finish() {
            once(this::goOn);
        }

        @Override
        public void reset() {
            once(() -> ctx.close());
        }

        private void goOn() {
            answering = false;
            idle.closeAfter(ctx, IDLE_SECONDS);
            serveNext(ctx);
        }

        private void once(Runnable action) {
            if (used.compareAndSet(false, true)) {
                if (ctx.executor().inEventLoop()) {
                    action.run();
                } else {
                    ctx.executor().execute(action);
                }
            }
        }
    }
}
