package io.kad.transport.netty;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.security.HandshakeException;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Admission of inbound connections, before and after their upgrade. Thread-safe. */
final class InboundConnections implements AcceptListener {

    private final BooleanSupplier isClosed;
    private final Connections connections;
    private final ConnectionLimiter limiter;
    private final ChannelGroup channels;
    private final LimitCounters counters;
    private final TransportHandler handler;

    /**
     * Creates the admission.
     *
     * @param isClosed returns whether the peer accepts none any more
     * @param channels group to which accepted connections are added
     */
    InboundConnections(
            BooleanSupplier isClosed,
            Connections connections,
            ConnectionLimiter limiter,
            ChannelGroup channels,
            LimitCounters counters,
            TransportHandler handler) {
        this.isClosed = isClosed;
        this.connections = connections;
        this.limiter = limiter;
        this.channels = channels;
        this.counters = counters;
        this.handler = handler;
    }

    @Override
    public boolean tryAccept(Channel connection, Multiaddr remote) {
        return tryAccept(connection, remote, false);
    }

    @Override
    public boolean tryAcceptUpgraded(Channel connection, Multiaddr remote) {
        return tryAccept(connection, remote, true);
    }

    private boolean tryAccept(Channel connection, Multiaddr remote, boolean upgraded) {
        if (isClosed.getAsBoolean()) {
            return false;
        }
        Optional<String> refusal = handler.gate().refuseAccept(remote);
        if (refusal.isPresent()) {
            counters.countAndLog(LimitId.CONNECTION_GATE, "refused the connection of " + remote + ": " + refusal.get());
            return false;
        }
        if (!connections.tryAddInbound(connection, upgraded)) {
            return false;
        }
        channels.add(connection);
        return true;
    }

    @Override
    public void onUpgradeAdvanced(Channel connection) {
        limiter.upgradeAdvanced(connection);
    }

    @Override
    public void onSecurityAgreed(Channel connection) {
        limiter.securityAgreed(connection);
    }

    @Override
    public void onInboundConnection(UpgradedConnection connection, Multiaddr remote, String transport) {
        limiter.upgradeEnded(connection.channel());
        Optional<String> refusal = handler.gate().refuseConnection(connection.peer(), remote, Direction.INBOUND);
        if (refusal.isPresent()) {
            counters.countAndLog(
                    LimitId.CONNECTION_GATE,
                    "closed the connection of " + connection.peer() + " at " + remote + ": " + refusal.get());
            connection.channel().close();
        } else {
            connections.open(connection, remote, transport);
        }
    }

    @Override
    public void onInboundFailed(Channel connection, Multiaddr remote, UpgradeException cause) {
        limiter.upgradeEnded(connection);
        String effect = "closed the connection to " + remote + ": " + cause.getMessage();
        switch (cause.reason()) {
            case TIMEOUT -> counters.countAndLog(LimitId.UPGRADE_TIMEOUT, effect);
            case LIMIT -> counters.countAndLog(LimitId.UPGRADE_BYTES, effect);
            case OVERLOADED -> counters.countAndLog(LimitId.SIGNATURE_CHECKS, effect);
            case SECURITY -> {
                if (cause.getCause() instanceof HandshakeException handshake
                        && handshake.reason() == HandshakeException.Reason.LIMIT) {
                    counters.countAndLog(LimitId.HANDSHAKE, effect);
                }
            }
            case CLOSED, NEGOTIATION, WRONG_PEER, LOCAL_PEER, INTERNAL -> {}
        }
    }

    @Override
    public void onLocalIdentity(Multiaddr local, Multiaddr remote, Bytes channelBinding) {
        handler.onEvent(new TransportEvent.LocalIdentitySeen(local, remote, Direction.INBOUND, channelBinding));
    }
}
