package io.kad.core.engine;

import io.kad.api.id.Multiaddr;
import java.util.List;
import java.util.stream.Stream;

/** What a connected peer is known to be, as long as it is connected. */
final class Session {

    private List<Multiaddr> dialled = List.of();
    private List<Multiaddr> told = List.of();
    private boolean server;
    private boolean routed;
    private final RequestTimeout timeout = new RequestTimeout();

    /** Notes an address at which the peer was reached. */
    void reachedAt(Multiaddr address) {
        if (!dialled.contains(address)) {
            dialled = Stream.concat(dialled.stream(), Stream.of(address)).toList();
            routed = false;
        }
    }

    /** Notes that a connection goes on at another address. */
    void moved(Multiaddr before, Multiaddr after) {
        dialled = dialled.stream().filter(each -> !each.equals(before)).toList();
        reachedAt(after);
    }

    /** Notes where the peer says that it listens. */
    void listensAt(List<Multiaddr> addresses) {
        told = addresses;
        routed = false;
    }

    /** Returns where the peer can be reached: where it was first, up to {@code limit} addresses. */
    List<Multiaddr> addresses(int limit) {
        if (told.size() == 1 && (dialled.isEmpty() || dialled.equals(told))) {
            return told;
        }
        return Stream.concat(dialled.stream(), told.stream())
                .distinct()
                .limit(limit)
                .toList();
    }

    /** Returns whether the peer is known to speak the protocol. */
    boolean isServer() {
        return server;
    }

    void server(boolean server) {
        this.server = server;
        this.routed = this.routed && server;
    }

    /** Returns whether the routing table knows all this already. */
    boolean isRouted() {
        return routed;
    }

    void routed(boolean routed) {
        this.routed = routed;
    }

    /** Returns how long the peer is given to answer. */
    RequestTimeout timeout() {
        return timeout;
    }
}
