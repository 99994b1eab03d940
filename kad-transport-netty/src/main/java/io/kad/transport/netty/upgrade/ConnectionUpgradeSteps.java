package io.kad.transport.netty.upgrade;

import static io.kad.transport.netty.upgrade.UpgradeException.Reason.CLOSED;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.INTERNAL;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.NEGOTIATION;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.SECURITY;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.WRONG_PEER;

import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.noise.HandshakeResult;
import io.kad.transport.netty.noise.NoiseException;
import io.kad.transport.netty.noise.NoiseHandshakeHandler;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.noise.NoiseListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/** Steps of one upgrade; each installs the handler of the next. The two sides differ in which one proposes. */
abstract class ConnectionUpgradeSteps implements NegotiationListener, NoiseListener {
    static final String NOISE = "/noise";

    final NoiseIdentity local;
    private final UpgradeGuard guard;

    ConnectionUpgradeSteps(NoiseIdentity local, UpgradeGuard guard) {
        this.local = local;
        this.guard = guard;
    }

    /** Creates the handler that negotiates {@code /noise}. */
    abstract ChannelHandler securityNegotiator();

    /** Creates the handler of the Noise handshake. */
    abstract NoiseHandshakeHandler handshakeHandler();

    /** Creates the handler that negotiates a muxer after the handshake. */
    abstract ChannelHandler muxerNegotiator(HandshakeResult session);

    final void begin(Channel channel) {
        channel.pipeline().addLast(securityNegotiator());
    }

    final void addHandshake(Channel channel) {
        channel.pipeline().addLast(handshakeHandler());
    }

    @Override
    public final void onCheckStarted() {
        guard.handshakeReceived();
    }

    @Override
    public final void onSecured(Channel channel, HandshakeResult session) {
        if (session.muxer().isPresent()) {
            finish(session, session.muxer().get());
            guard.remove();
        } else {
            channel.pipeline().addLast(muxerNegotiator(session));
        }
    }

    final void finish(HandshakeResult session, String muxer) {
        guard.succeed(new UpgradedPeer(session.remotePeer(), muxer));
    }

    @Override
    public final void onAgreed(Channel channel, String protocol) {
        // The next step has begun already, except after the muxer, which is the last step
        if (!protocol.equals(NOISE)) {
            guard.remove();
        }
    }

    @Override
    public final void onFailed(Channel channel, NegotiationException cause) {
        UpgradeException.Reason reason = switch (cause.reason()) {
            case CLOSED -> CLOSED;
            case INTERNAL -> INTERNAL;
            case REFUSED, MALFORMED, LIMIT, TIMEOUT -> NEGOTIATION;
        };
        guard.fail(new UpgradeException(reason, "upgrade failed: " + cause.getMessage(), cause));
    }

    @Override
    public final void onFailed(Channel channel, NoiseException cause) {
        UpgradeException.Reason reason = switch (cause.reason()) {
            case WRONG_PEER -> WRONG_PEER;
            case CLOSED -> CLOSED;
            case INTERNAL -> INTERNAL;
            case MALFORMED, LIMIT, BAD_TAG, WEAK_KEY, BAD_SIGNATURE, NO_COMMON_MUXER -> SECURITY;
            case OVERLOADED -> UpgradeException.Reason.OVERLOADED;
            case LOCAL_PEER -> UpgradeException.Reason.LOCAL_PEER;
        };
        guard.fail(new UpgradeException(reason, "upgrade failed: " + cause.getMessage(), cause));
    }
}
