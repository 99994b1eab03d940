package io.kad.transport.netty;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.transport.netty.quic.QuicContexts;
import io.kad.transport.netty.quic.QuicLimits;
import io.kad.transport.netty.quic.QuicTransport;
import io.kad.transport.netty.tcp.TcpSockets;
import io.kad.transport.netty.tcp.TcpTransport;
import io.kad.transport.netty.tls.TlsIdentity;
import io.kad.transport.netty.transport.TrafficCounter;
import io.kad.transport.netty.transport.TransportProtocol;
import io.kad.transport.netty.transport.Transports;
import io.kad.transport.netty.upgrade.ConnectionUpgrade;
import io.kad.transport.netty.ws.WebSocketTransport;
import io.kad.transport.netty.ws.WebTls;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transports that a peer has. */
final class TransportProtocols {

    private static final Logger LOG = LoggerFactory.getLogger(TransportProtocols.class);
    private static final AtomicBoolean REPORTED_MISSING = new AtomicBoolean();

    private TransportProtocols() {}

    /**
     * Returns TCP and WebSocket, and QUIC unless its library is missing, which one log line of the process says.
     *
     * @param upgrade upgrade of connections over TCP and WebSocket
     * @param certificate identity of the local peer for QUIC
     * @param traffic counts the bytes of all sockets
     */
    static Transports of(
            KademliaConfig config,
            EventLoopGroup group,
            ConnectionUpgrade upgrade,
            Supplier<TlsIdentity> certificate,
            TrafficCounter traffic) {
        return of(config, group, upgrade, certificate, traffic, QuicContexts.unavailabilityCause());
    }

    static Transports of(
            KademliaConfig config,
            EventLoopGroup group,
            ConnectionUpgrade upgrade,
            Supplier<TlsIdentity> certificate,
            TrafficCounter traffic,
            Optional<Throwable> quicIsMissing) {
        WebTls webTls = WebTls.of(config, SharedEventLoops.checks().costly());
        List<TransportProtocol> transports = new ArrayList<>();
        if (quicIsMissing.isEmpty()) {
            transports.add(new QuicTransport(
                    group,
                    new QuicContexts(certificate.get(), quicLimits(config)),
                    config.get(TransportOptions.UPGRADE_TIMEOUT),
                    config.get(TransportOptions.MAX_PENDING_UPGRADES),
                    traffic,
                    upgrade.isPrivate()
                            ? Optional.of("QUIC has no private networks: leave out this address, or "
                                    + TransportOptions.PSK.name())
                            : Optional.empty()));
        } else if (!REPORTED_MISSING.getAndSet(true)) {
            LOG.info(
                    "QUIC is not offered: netty-codec-native-quic of this platform is missing ({})",
                    quicIsMissing.get().getMessage());
        }
        TcpSockets sockets = new TcpSockets(group, upgrade, traffic);
        transports.add(new TcpTransport(sockets));
        transports.add(WebSocketTransport.plain(sockets));
        transports.add(WebSocketTransport.secure(sockets, webTls));
        return new Transports(transports);
    }

    private static QuicLimits quicLimits(KademliaConfig config) {
        QuicLimits defaults = QuicLimits.DEFAULTS;
        return new QuicLimits(
                defaults.maxOutboundStreams(),
                config.get(TransportOptions.MAX_INBOUND_STREAMS),
                defaults.maxQueuedOpens(),
                defaults.openTimeout(),
                defaults.maxQueuedWriteBytes(),
                config.get(TransportOptions.WRITE_TIMEOUT),
                config.get(TransportOptions.MAX_STREAM_RESETS_PER_MINUTE),
                config.get(TransportOptions.SILENCE_TIMEOUT),
                defaults.closeTimeout());
    }
}
