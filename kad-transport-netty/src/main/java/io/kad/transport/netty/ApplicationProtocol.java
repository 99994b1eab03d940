package io.kad.transport.netty;

import io.kad.api.KademliaConfig;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.identify.Identify;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.PeerRates;
import io.kad.transport.netty.ping.Ping;
import io.kad.transport.netty.protocol.ServedProtocol;
import io.netty.channel.ChannelHandler;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Protocol of the application, as it is served. */
record ApplicationProtocol(StreamProtocol protocol, String id, int maxStreams) implements ServedProtocol {

    /** Limit of the protocols of an application, so that identify can list them. Source: kad's choice. */
    static final int MAX_PROTOCOLS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(ApplicationProtocol.class);

    /**
     * Returns the protocols of an application.
     *
     * @throws IllegalArgumentException if there are too many, or one has an ID or a number of streams that is not allowed
     */
    static List<ServedProtocol> of(List<? extends StreamProtocol> protocols, KademliaConfig config) {
        if (protocols.size() > MAX_PROTOCOLS) {
            throw new IllegalArgumentException(
                    "expected at most " + MAX_PROTOCOLS + " protocols, got " + protocols.size());
        }
        Set<String> ids = new HashSet<>(
                Set.of(config.get(KademliaConfig.PROTOCOL), Identify.PROTOCOL, Identify.PUSH_PROTOCOL, Ping.PROTOCOL));
        return protocols.stream()
                .map(protocol -> (ServedProtocol) create(protocol, ids))
                .toList();
    }

    private static ApplicationProtocol create(StreamProtocol protocol, Set<String> ids) {
        String id = requireId(protocol.id());
        int maxStreams = protocol.maxInboundStreams();
        if (maxStreams < 1) {
            throw new IllegalArgumentException(
                    "expected at least 1 inbound stream of " + id + " for a connection, got " + maxStreams);
        }
        if (!ids.add(id)) {
            throw new IllegalArgumentException(
                    "protocol " + id + " is served twice: remove one of both, or change its ID");
        }
        return new ApplicationProtocol(protocol, id, maxStreams);
    }

    /**
     * Returns {@code id}.
     *
     * @throws IllegalArgumentException if it is no protocol ID
     */
    static String requireId(String id) {
        boolean valid = id.length() >= 2
                && id.length() <= StreamProtocol.MAX_ID_LENGTH
                && id.startsWith("/")
                && id.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (!valid) {
            throw new IllegalArgumentException(
                    "invalid protocol ID '" + id + "': expected a slash and visible ASCII characters, 2 to "
                            + StreamProtocol.MAX_ID_LENGTH + " in all, such as /chat/1.0.0");
        }
        return id;
    }

    @Override
    public LimitId maxStreamsLimitId() {
        return LimitId.APPLICATION_STREAMS;
    }

    @Override
    public ChannelHandler newStreamHandler(PeerConnection connection, PeerRates.Limiter rateLimiter) {
        connection.markUsed();
        try {
            return Objects.requireNonNull(protocol.handler(connection.peer()), "handler of " + id);
        } catch (RuntimeException e) {
            LOG.warn("reset a stream of {}: protocol {} has no handler for it", connection, id, e);
            throw e;
        }
    }
}
