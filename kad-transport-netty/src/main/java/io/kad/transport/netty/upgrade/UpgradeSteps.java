package io.kad.transport.netty.upgrade;

import static io.kad.transport.netty.upgrade.UpgradeException.Reason.INTERNAL;

import io.kad.api.spi.transport.DialFailure;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.muxer.Muxer;
import io.kad.transport.netty.security.HandshakeException;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.SecuredPeer;
import io.kad.transport.netty.security.SecurityProtocol;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Optional;

/**
 * Steps of one upgrade; each one adds the handler of the next: negotiation of a security protocol, its handshake, negotiation of a muxer unless
 * the handshake has selected one.
 */
final class UpgradeSteps {

    private final List<SecurityProtocol> securities;
    private final List<Muxer> muxers;
    private final UpgradeSide side;
    private final UpgradeGuard guard;

    /**
     * Creates the steps of one connection.
     *
     * @param securities security protocols in order of preference
     * @param muxers muxers in order of preference
     */
    UpgradeSteps(List<SecurityProtocol> securities, List<Muxer> muxers, UpgradeSide side, UpgradeGuard guard) {
        this.securities = securities;
        this.muxers = muxers;
        this.side = side;
        this.guard = guard;
    }

    /** Begins with the first step. */
    void begin(Channel channel) {
        channel.pipeline()
                .addLast(side.securityNegotiator(
                        securities.stream().map(SecurityProtocol::protocol).toList(),
                        (negotiated, protocol) -> beginHandshake(negotiated, security(protocol)),
                        new Negotiation(() -> {}, DialFailure.NO_COMMON_SECURITY)));
    }

    private SecurityProtocol security(String protocol) {
        return securities.stream()
                .filter(security -> security.protocol().equals(protocol))
                .findFirst()
                .orElseThrow();
    }

    private void beginHandshake(Channel channel, SecurityProtocol security) {
        guard.securityAgreed(channel);
        channel.pipeline().addLast(side.handshake(security, new Handshake(security)));
    }

    private Optional<Muxer> muxer(String protocol) {
        return muxers.stream()
                .filter(muxer -> muxer.protocol().equals(protocol))
                .findFirst();
    }

    private void selectMuxer(Channel channel, SecurityProtocol security, SecuredPeer peer) {
        if (peer.muxer().isEmpty()) {
            channel.pipeline()
                    .addLast(side.muxerNegotiator(
                            muxers.stream().map(Muxer::protocol).toList(),
                            (negotiated, protocol) -> finish(
                                    negotiated, security, peer, muxer(protocol).orElseThrow()),
                            new Negotiation(guard::leavePipeline, DialFailure.NO_COMMON_MUXER)));
            return;
        }
        String selected = peer.muxer().get();
        Optional<Muxer> muxer = muxer(selected);
        if (muxer.isPresent()) {
            finish(channel, security, peer, muxer.get());
            guard.leavePipeline();
        } else {
            guard.fail(new UpgradeException(
                    INTERNAL, security.protocol() + " has selected a muxer that is not offered: " + selected, null));
        }
    }

    private void finish(Channel channel, SecurityProtocol security, SecuredPeer peer, Muxer muxer) {
        guard.succeed(new UpgradedConnection(channel, side.isDialer(), peer.id(), security.name(), muxer));
    }

    /** Result of one negotiation. The next step has begun already when both peers have agreed, except after the last one. */
    private final class Negotiation implements NegotiationListener {

        private final Runnable onAgreed;
        private final DialFailure refused;

        Negotiation(Runnable onAgreed, DialFailure refused) {
            this.onAgreed = onAgreed;
            this.refused = refused;
        }

        @Override
        public void onAgreed(Channel channel, String protocol) {
            onAgreed.run();
        }

        @Override
        public void onNegotiationFailed(Channel channel, NegotiationException cause) {
            guard.fail(UpgradeException.of(cause, refused));
        }
    }

    /** Result of the handshake. */
    private final class Handshake implements HandshakeListener {

        private final SecurityProtocol security;

        Handshake(SecurityProtocol security) {
            this.security = security;
        }

        @Override
        public void onIdentityCheckStarted() {
            guard.liftByteLimit();
        }

        @Override
        public void onSecured(Channel channel, SecuredPeer peer) {
            selectMuxer(channel, security, peer);
        }

        @Override
        public void onHandshakeFailed(Channel channel, HandshakeException cause) {
            guard.fail(UpgradeException.of(cause));
        }
    }
}
