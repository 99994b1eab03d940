package io.kad.transport.netty.connection;

import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Inbound streams of one connection by protocol. Confined to the event loop of the connection. */
public final class InboundStreams {

    private final Map<String, Set<Channel>> byProtocol = new HashMap<>();

    /**
     * Adds {@code stream} and returns true; returns false if the peer already has {@code limit} open streams of this
     * protocol.
     */
    public boolean tryAdd(String protocol, Channel stream, int limit) {
        Set<Channel> streams = byProtocol.computeIfAbsent(protocol, name -> new LinkedHashSet<>());
        if (streams.size() >= limit) {
            return false;
        }
        streams.add(stream);
        stream.closeFuture().addListener(closed -> streams.remove(stream));
        return true;
    }

    /** Resets every stream of {@code protocol}. */
    public void reset(String protocol) {
        List.copyOf(byProtocol.getOrDefault(protocol, Set.of())).forEach(Channel::close);
    }
}
