package io.kad.transport.netty.connection;

import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The streams a peer has open on one connection, by protocol. Belongs to the event loop of the connection. */
public final class InboundStreams {

    private final Map<String, Set<Channel>> open = new HashMap<>();

    /** Takes in {@code stream}, or returns false if the peer has {@code limit} streams of this protocol open. */
    public boolean tryAdd(String protocol, Channel stream, int limit) {
        Set<Channel> streams = open.computeIfAbsent(protocol, none -> new LinkedHashSet<>());
        if (streams.size() >= limit) {
            return false;
        }
        streams.add(stream);
        stream.closeFuture().addListener(closed -> streams.remove(stream));
        return true;
    }

    /** Resets every stream of {@code protocol}. */
    public void reset(String protocol) {
        List.copyOf(open.getOrDefault(protocol, Set.of())).forEach(Channel::close);
    }
}
