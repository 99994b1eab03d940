package io.kad.transport.netty;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.connection.ConnectionRegistry;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.connection.RemoteSocket;
import io.kad.transport.netty.dial.Dialer;
import io.kad.transport.netty.identify.Identify;
import io.kad.transport.netty.identify.IdentifyProtocol;
import io.kad.transport.netty.identify.IdentifyPushProtocol;
import io.kad.transport.netty.identify.LocalPeer;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.PeerRates;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.ping.PingProtocol;
import io.kad.transport.netty.protocol.InboundStreamInitializer;
import io.kad.transport.netty.protocol.ServedProtocol;
import io.kad.transport.netty.protocol.ServedProtocols;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open connections of a transport: creates one for each secured channel and manages its muxer, identify, idle timeout
 * and close. Thread-safe.
 */
final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final ConnectionRegistry registry = new ConnectionRegistry();
    private final AtomicLong nextId = new AtomicLong();
    private final AtomicBoolean pushScheduled = new AtomicBoolean();
    private final ServedProtocols protocols;
    private final PeerRates rates;
    private final ConnectionLimiter connectionLimiter;
    private final ChannelGroup channels;
    private final PerConnectionLimits limits;
    private final TransportHandler handler;
    private final Identify identify;
    private final Dialer dialer;
    private final ConnectionPruning pruning;

    /**
     * Creates the connections of a transport.
     *
     * @param protocols protocols that are served besides identify, its push, and ping
     */
    Connections(
            List<ServedProtocol> protocols,
            PeerRates rates,
            ConnectionLimiter connectionLimiter,
            ChannelGroup channels,
            PerConnectionLimits limits,
            LocalPeer local,
            Duration negotiationTimeout,
            SignatureChecks checks,
            TransportHandler handler,
            Dialer dialer) {
        this.rates = rates;
        this.connectionLimiter = connectionLimiter;
        this.channels = channels;
        this.limits = limits;
        this.handler = handler;
        this.identify = new Identify(local, negotiationTimeout, checks, this::emitIdentified);
        List<ServedProtocol> services =
                List.of(new IdentifyProtocol(identify), new IdentifyPushProtocol(identify), new PingProtocol());
        this.protocols = new ServedProtocols(
                Stream.concat(services.stream(), protocols.stream()).toList(), negotiationTimeout);
        this.dialer = dialer;
        this.pruning = new ConnectionPruning(registry, connectionLimiter, limits, handler);
    }

    /** Returns the connection to use for a new stream to {@code peer}; empty if none is open. */
    Optional<PeerConnection> find(PeerId peer) {
        return registry.newestOpen(peer);
    }

    /** Returns whether no connection is open. */
    boolean isEmpty() {
        return registry.isEmpty();
    }

    /**
     * Counts an accepted connection, for which another one may be closed; returns false if a limit is reached.
     *
     * @param upgraded whether its upgrade has ended
     */
    boolean tryAddInbound(Channel channel, boolean upgraded) {
        return connectionLimiter.tryAddInbound(
                channel, upgraded, directionToPrune -> pruning.makeRoom(directionToPrune, Direction.INBOUND, channel));
    }

    /** Returns a snapshot of every open connection, without those of {@link #disconnect}, whose end takes a moment. */
    List<ConnectionInfo> infos() {
        return registry.all().stream()
                .filter(connection -> !connection.isClosedByUser())
                .map(PeerConnection::info)
                .toList();
    }

    /** Closes every connection to {@code peer}. */
    void disconnect(PeerId peer) {
        registry.get(peer).forEach(PeerConnection::disconnect);
    }

    /**
     * Creates a connection from a secured channel; returns null if the connection limit is reached. Must be called on
     * the event loop of the channel.
     *
     * @param transport name of its transport
     */
    @Nullable
    PeerConnection open(UpgradedConnection upgraded, Multiaddr remoteAddress, String transport) {
        Channel channel = upgraded.channel();
        Direction direction = upgraded.dialled() ? Direction.OUTBOUND : Direction.INBOUND;
        if (direction == Direction.OUTBOUND
                && !connectionLimiter.tryAddOutbound(
                        channel, directionToPrune -> pruning.makeRoom(directionToPrune, direction, channel))) {
            return null;
        }
        ConnectionInfo info = new ConnectionInfo(
                nextId.incrementAndGet(),
                upgraded.peer(),
                remoteAddress,
                direction,
                transport,
                upgraded.security(),
                upgraded.muxer().name(),
                0);
        InboundStreamInitializer inboundInitializer =
                protocols.newInboundInitializer(rates.limiter(upgraded.peer(), RemoteSocket.of(channel)));
        ConnectionBudget budget = limits.newBudget(channel);
        MuxedConnection muxed = upgraded.installMuxer(inboundInitializer, budget);
        PeerConnection connection =
                new PeerConnection(info, muxed, limits.newPartialMessageBudget(channel, budget), budget);
        inboundInitializer.setConnection(connection);
        channel.pipeline().addLast(new ConnectionErrorHandler(connection));
        channels.add(channel);
        boolean isFirst = registry.isEmpty();
        registry.add(connection);
        connection.closeWhenIdle(limits.idleTimeout());
        pruning.closeIdle(direction);
        handler.onEvent(new TransportEvent.ConnectionOpened(info));
        connection.onClose(() ->
                handler.onEvent(new TransportEvent.ConnectionClosed(connection.info(), registry.remove(connection))));
        identify.identify(connection);
        dialer.connectionOpened(connection, isFirst);
        return connection;
    }

    private void emitIdentified(PeerConnection connection, PeerIdentification identification) {
        dialer.addressesStated(connection, identification.listenAddresses());
        handler.onEvent(new TransportEvent.PeerIdentified(identification, connection.info()));
    }

    /**
     * Schedules an identify push to every peer after {@link TransportLimits#PUSH_DELAY}. Further changes within that
     * time share the push.
     */
    void schedulePush(io.netty.util.concurrent.EventExecutor executor) {
        if (pushScheduled.compareAndSet(false, true)) {
            executor.schedule(
                    () -> {
                        pushScheduled.set(false);
                        registry.all().forEach(identify::push);
                    },
                    TransportLimits.PUSH_DELAY.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Returns the IDs of the protocols that are served at present. */
    Set<String> protocolIds() {
        return protocols.ids();
    }

    /** Resets all inbound streams of a protocol. */
    void resetInboundStreams(String protocol) {
        registry.all()
                .forEach(connection -> connection
                        .executor()
                        .execute(() -> connection.inboundStreams().reset(protocol)));
    }

    /** Last handler of a connection: closes it on an error. */
    private static final class ConnectionErrorHandler extends ChannelInboundHandlerAdapter {

        private final PeerConnection connection;

        ConnectionErrorHandler(PeerConnection connection) {
            this.connection = connection;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("connection to {}: {}", connection, cause.getMessage());
            ctx.close();
        }
    }
}
