package io.kad.transport.netty.protocol;

import io.kad.transport.netty.limit.PeerRates;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Protocols that the local peer serves. Thread-safe. */
public final class ServedProtocols {

    private final Map<String, ServedProtocol> protocols = new LinkedHashMap<>();
    private final Duration negotiationTimeout;

    /**
     * Creates the list.
     *
     * @param negotiationTimeout time of the negotiation of each stream
     * @throws IllegalArgumentException if two protocols have one ID
     */
    public ServedProtocols(Collection<? extends ServedProtocol> protocols, Duration negotiationTimeout) {
        for (ServedProtocol protocol : protocols) {
            if (this.protocols.put(protocol.id(), protocol) != null) {
                throw new IllegalArgumentException(
                        "protocol " + protocol.id() + " is served twice: remove one of both");
            }
        }
        this.negotiationTimeout = negotiationTimeout;
    }

    /** Returns the IDs of the protocols that are served at present. */
    public Set<String> ids() {
        Set<String> ids = new TreeSet<>();
        protocols.values().stream().filter(ServedProtocol::isServed).forEach(served -> ids.add(served.id()));
        return ids;
    }

    /** Returns the protocol with an ID; empty if it is not served at present. */
    Optional<ServedProtocol> find(String id) {
        return Optional.ofNullable(protocols.get(id)).filter(ServedProtocol::isServed);
    }

    /** Creates the first handler of the inbound streams of a connection, whose remote peer {@code rateLimiter} limits. */
    public InboundStreamInitializer newInboundInitializer(PeerRates.Limiter rateLimiter) {
        return new InboundStreamInitializer(this, rateLimiter, negotiationTimeout);
    }
}
