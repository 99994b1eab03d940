package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseException.Reason.CLOSED;
import static io.kad.transport.netty.noise.NoiseException.Reason.INTERNAL;
import static io.kad.transport.netty.noise.NoiseException.Reason.LIMIT;
import static io.kad.transport.netty.noise.NoiseException.Reason.MALFORMED;
import static io.kad.transport.netty.noise.NoiseException.Reason.OVERLOADED;
import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.security.HandshakeException;
import io.kad.transport.netty.security.HandshakeHandler;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.SecuredPeer;
import io.kad.wire.NoisePayload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Handler that secures a connection: runs the handshake, authenticates the remote peer, replaces itself by a {@link
 * NoiseTransportHandler}, and passes the channel on.
 *
 * <p>It limits the received bytes; the caller must limit the time. The identity of the remote peer is checked by {@link
 * io.kad.transport.netty.stream.SignatureChecks}, not on the event loop. After any failure the channel is closed.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md">noise-libp2p</a>
 */
public final class NoiseHandshakeHandler extends HandshakeHandler<RemoteIdentity, NoiseException> {

    /**
     * Longest accepted handshake message, in bytes: three times the size that the largest identity, RSA of 8192 bits,
     * needs.
     */
    public static final int MAX_MESSAGE_BYTES = 8 * 1024;

    private static final byte[] EMPTY = new byte[0];

    private final NoiseIdentity local;
    private final boolean initiator;
    private final @Nullable PeerId expected;
    private final NoiseHandshake handshake;
    /** Handshake hash, which both ends know, if the remote peer has the identity of the local one. */
    private @Nullable Bytes channelBinding;

    private boolean started;

    private NoiseHandshakeHandler(
            NoiseIdentity local, boolean initiator, @Nullable PeerId expected, HandshakeListener listener) {
        super(listener);
        this.local = requireNonNull(local, "local");
        this.initiator = initiator;
        this.expected = expected;
        this.handshake = initiator
                ? NoiseHandshake.initiator(local.staticKey(), local.random())
                : NoiseHandshake.responder(local.staticKey(), local.random());
    }

    /**
     * Creates the handler of the dialer.
     *
     * @param local identity and static key of the local peer
     * @param expected the dialled peer; any other is refused
     * @param listener receives the result
     */
    public static NoiseHandshakeHandler initiator(NoiseIdentity local, PeerId expected, HandshakeListener listener) {
        return new NoiseHandshakeHandler(local, true, requireNonNull(expected, "expected"), listener);
    }

    /**
     * Creates the handler of the listener.
     *
     * @param local identity and static key of the local peer
     * @param listener receives the result
     */
    public static NoiseHandshakeHandler responder(NoiseIdentity local, HandshakeListener listener) {
        return new NoiseHandshakeHandler(local, false, null, listener);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            start(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        start(ctx);
        super.channelActive(ctx);
    }

    private void start(ChannelHandlerContext ctx) {
        if (started) {
            return;
        }
        started = true;
        try {
            if (initiator) {
                // The payload of the first message is not encrypted, so it must reveal nothing
                send(ctx, EMPTY);
            }
        } catch (NoiseException e) {
            fail(ctx, e);
        }
        if (!ctx.channel().config().isAutoRead()) {
            ctx.read();
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (isCompleted()) {
            in.skipBytes(in.readableBytes());
            return;
        } else if (isCheckStarted()) {
            return; // these bytes belong to the next handlers
        }
        try {
            byte[] message = nextMessage(in);
            if (message != null) {
                onMessage(ctx, handshake.readMessage(message));
            }
        } catch (NoiseException e) {
            in.skipBytes(in.readableBytes());
            fail(ctx, e);
        }
    }

    private byte @Nullable [] nextMessage(ByteBuf in) throws NoiseException {
        if (in.readableBytes() < NoiseTransportHandler.LENGTH_BYTES) {
            return null;
        }
        int length = in.getUnsignedShort(in.readerIndex());
        if (length < handshake.minNextLength() || length > MAX_MESSAGE_BYTES) {
            throw new NoiseException(
                    length > MAX_MESSAGE_BYTES ? LIMIT : MALFORMED,
                    "handshake message must have %d to %d bytes, got %d"
                            .formatted(handshake.minNextLength(), MAX_MESSAGE_BYTES, length));
        }
        if (in.readableBytes() < NoiseTransportHandler.LENGTH_BYTES + length) {
            return null;
        }
        in.skipBytes(NoiseTransportHandler.LENGTH_BYTES);
        byte[] message = ByteBufUtil.getBytes(in, in.readerIndex(), length);
        in.skipBytes(length);
        return message;
    }

    private void onMessage(ChannelHandlerContext ctx, byte[] payload) throws NoiseException {
        if (initiator || handshake.isFinished()) {
            startCheck(ctx, payload);
        } else if (payload.length > 0) {
            throw new NoiseException(MALFORMED, "payload of the first handshake message must be empty");
        } else {
            send(ctx, local.payload());
        }
    }

    private void startCheck(ChannelHandlerContext ctx, byte[] payload) throws NoiseException {
        NoisePayload claim = RemoteIdentity.decode(payload);
        byte[] staticKey = handshake.remoteStaticKey();
        startCheck(ctx, () -> {
            try {
                return local.checks()
                        .run(
                                RemoteIdentity.isCostly(claim),
                                () -> RemoteIdentity.verify(claim, staticKey, local.peerId(), expected),
                                ctx.executor());
            } catch (RejectedExecutionException e) {
                throw new NoiseException(OVERLOADED, "too many signatures of remote peers wait to be checked");
            }
        });
    }

    @Override
    protected void onChecked(ChannelHandlerContext ctx, Future<RemoteIdentity> ended) {
        try {
            if (!ended.isSuccess()) {
                throw refusal(ctx, ended.cause());
            }
            if (handshake.isLocalTurn()) {
                send(ctx, local.payload());
            }
            finish(ctx, ended.getNow());
        } catch (NoiseException e) {
            fail(ctx, e);
        }
    }

    /**
     * Returns the reason of a failed check. If the identity is the local one, sends the local payload first, so that the other process
     * learns of it too.
     */
    private NoiseException refusal(ChannelHandlerContext ctx, Throwable cause) throws NoiseException {
        if (!(cause instanceof NoiseException refused)) {
            return new NoiseException(INTERNAL, "cannot check the identity of the remote peer: " + cause, cause);
        }
        if (refused.reason() == NoiseException.Reason.LOCAL_PEER) {
            if (handshake.isLocalTurn()) {
                send(ctx, local.payload());
                ctx.flush();
            }
            channelBinding = Bytes.of(handshake.handshakeHash());
        }
        return refused;
    }

    private void send(ChannelHandlerContext ctx, byte[] payload) throws NoiseException {
        byte[] message = handshake.writeMessage(payload);
        ByteBuf out = ctx.alloc().buffer(NoiseTransportHandler.LENGTH_BYTES + message.length);
        ctx.write(out.writeShort(message.length).writeBytes(message));
        // Later in this turn of the event loop, so that the first frames share the flush with the last message
        ctx.executor().execute(ctx.channel()::flush);
    }

    private void finish(ChannelHandlerContext ctx, RemoteIdentity peer) throws NoiseException {
        Optional<String> muxer = initiator
                ? EarlyMuxer.choose(local.muxers(), peer.muxers())
                : EarlyMuxer.choose(peer.muxers(), local.muxers());
        ctx.pipeline().addAfter(ctx.name(), null, new NoiseTransportHandler(handshake.split()));
        succeed(ctx, new SecuredPeer(peer.peerId(), muxer));
    }

    @Override
    protected NoiseException closed(String message) {
        return new NoiseException(CLOSED, message);
    }

    @Override
    protected HandshakeException handshakeException(NoiseException cause) {
        return cause.toHandshakeException(channelBinding);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        NoiseException.Reason reason = cause instanceof IOException ? CLOSED : INTERNAL;
        fail(ctx, new NoiseException(reason, "handshake failed: " + cause.getMessage(), cause));
        // Even after the handshake: an installer of the next handlers may have failed
        ctx.close();
    }
}
