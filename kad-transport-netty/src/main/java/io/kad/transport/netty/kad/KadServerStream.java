package io.kad.transport.netty.kad;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.stream.EventLoops;
import io.kad.transport.netty.stream.MessageReader;
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
 * Inbound stream on which the remote peer sends requests; responses are sent one after the other, in order.
 *
 * <p>Requests on a half-closed stream are answered, and an open stream is read for further requests. While a request is
 * pending the stream is not read, so the receive window bounds what the remote peer has in flight. An idle stream is
 * reset.
 */
public final class KadServerStream extends ChannelInboundHandlerAdapter {

    /** Timeout for the next request, and for the response to one, in seconds. As in go-libp2p-kad-dht. */
    static final long TIMEOUT_SECONDS = 60;

    private static final Logger LOG = LoggerFactory.getLogger(KadServerStream.class);

    private final PeerConnection connection;
    private final TransportHandler handler;
    private final KadFrameCodec frameCodec;
    private final MessageReader reader;
    private final StreamTimer timeout = new StreamTimer();
    private boolean inServeLoop;
    private boolean requestPending;
    private boolean inputEnded;

    /** Creates the handler of one inbound stream of {@code connection}. */
    public KadServerStream(PeerConnection connection, TransportHandler handler, KadFrameCodec frameCodec) {
        this.connection = connection;
        this.handler = handler;
        this.frameCodec = frameCodec;
        this.reader = new MessageReader(frameCodec.maxMessageBytes(), connection.receiveBudget());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timeout.closeAfter(ctx, TIMEOUT_SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            reader.add(ctx.alloc(), (ByteBuf) message);
        } catch (DecoderException e) {
            LOG.debug("reset kad stream of {}: {}", connection.peer(), e.getMessage());
            ctx.close();
            return;
        }
        serveNext(ctx);
    }

    /**
     * Serves buffered requests as long as their responses are immediate. A loop, not recursion, because a peer may send
     * thousands in a row.
     */
    private void serveNext(ChannelHandlerContext ctx) {
        if (inServeLoop) {
            return;
        }
        inServeLoop = true;
        try {
            boolean more = true;
            while (more && !requestPending && ctx.channel().isActive()) {
                more = serveOne(ctx);
            }
        } catch (DecoderException | MalformedMessageException e) {
            LOG.debug("invalid request from {}: {}", connection.peer(), e.getMessage());
            ctx.close();
        } finally {
            inServeLoop = false;
        }
        reader.compact();
        ctx.channel().config().setAutoRead(!requestPending);
    }

    /** Serves one request; returns whether there was one. */
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
        KadRequest request = frameCodec.decodeRequest(message);
        requestPending = true;
        timeout.closeAfter(ctx, TIMEOUT_SECONDS);
        handler.onRequest(
                new InboundRequest(connection.peer(), connection.remoteAddress(), request), new StreamResponder(ctx));
    }

    private void endOutput(ChannelHandlerContext ctx) {
        if (reader.hasPartialMessage()) {
            ctx.close();
        } else {
            ((DuplexChannel) ctx.channel()).shutdownOutput().addListener(done -> ctx.close());
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
        LOG.debug("kad stream of {} failed: {}", connection.peer(), cause.getMessage());
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        reader.release();
        timeout.cancel();
    }

    /** Responder for the pending request of this stream. */
    private final class StreamResponder implements Responder {

        private final ChannelHandlerContext ctx;
        private final AtomicBoolean completed = new AtomicBoolean();

        StreamResponder(ChannelHandlerContext ctx) {
            this.ctx = ctx;
        }

        @Override
        public void respond(KadResponse response) {
            once(() -> {
                ctx.writeAndFlush(frameCodec.encode(response));
                resume();
            });
        }

        @Override
        public void finish() {
            once(this::resume);
        }

        @Override
        public void reset() {
            once(() -> ctx.close());
        }

        private void resume() {
            requestPending = false;
            timeout.closeAfter(ctx, TIMEOUT_SECONDS);
            serveNext(ctx);
        }

        private void once(Runnable action) {
            if (completed.compareAndSet(false, true)) {
                EventLoops.execute(
                        ctx.executor(),
                        () -> run(action),
                        rejected ->
                                LOG.debug("response to {} dropped: the event loop has terminated", connection.peer()));
            }
        }

        private void run(Runnable action) {
            if (!ctx.channel().isActive()) {
                return; // closed before the response
            }
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.error("failed to respond to {}", connection.peer(), e);
                ctx.close();
            }
        }
    }
}
