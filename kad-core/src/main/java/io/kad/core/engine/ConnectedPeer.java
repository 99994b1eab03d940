package io.kad.core.engine;

import io.kad.api.id.Multiaddr;
import java.util.List;
import java.util.stream.Stream;

/** What a connected peer is known to be, as long as it is connected. */
final class ConnectedPeer {

    private List<Multiaddr> dialledAddresses = List.of();
    private List<Multiaddr> identifyAddresses = List.of();
    private boolean server;
    private boolean inRoutingTable;
    private final RttEstimator timeout = new RttEstimator();

    /** Notes an address at which the peer was reached. */
    void addDialledAddress(Multiaddr address) {
        if (!dialledAddresses.contains(address)) {
            dialledAddresses =
                    Stream.concat(dialledAddresses.stream(), Stream.of(address)).toList();
            inRoutingTable = false;
        }
    }

    /** Notes that a connection goes on at another address. */
    void addressChanged(Multiaddr before, Multiaddr after) {
        dialledAddresses =
                dialledAddresses.stream().filter(each -> !each.equals(before)).toList();
        addDialledAddress(after);
    }

    /** Notes where the peer says that it listens. */
    void setIdentifyAddresses(List<Multiaddr> addresses) {
        identifyAddresses = addresses;
        inRoutingTable = false;
    }

    /** Returns where the peer can be reached: where it was first, up to {@code limit} addresses. */
    List<Multiaddr> addresses(int limit) {
        if (identifyAddresses.size() == 1
                && (dialledAddresses.isEmpty() || dialledAddresses.equals(identifyAddresses))) {
            return identifyAddresses;
        }
        return Stream.concat(dialledAddresses.stream(), identifyAddresses.stream())
                .distinct()
                .limit(limit)
                .toList();
    }

    /** Returns whether the peer is known to speak the protocol. */
    boolean isServer() {
        return server;
    }

    void setServer(boolean server) {
        this.server = server;
        this.inRoutingTable = this.inRoutingTable && server;
    }

    /** Returns whether the routing table knows all this already. */
    boolean isInRoutingTable() {
        return inRoutingTable;
    }

    void setInRoutingTable(boolean routed) {
        this.inRoutingTable = routed;
    }

    /** Returns how long the peer is given to answer. */
    RttEstimator rttEstimator() {
        return timeout;
    }
}
