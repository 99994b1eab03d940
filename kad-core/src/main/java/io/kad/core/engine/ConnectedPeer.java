package io.kad.core.engine;

import io.kad.api.id.Multiaddr;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** State of a connected peer, discarded when its last connection closes. Confined to one thread at a time. */
final class ConnectedPeer {

    private static final long[] NONE = {};

    /** IDs of the open connections; an array, as there is hardly ever more than one. */
    private long[] connections = NONE;

    private List<Multiaddr> dialledAddresses = List.of();
    private List<Multiaddr> identifyAddresses = List.of();
    /** Addresses that the peer listed in an earlier connection, until it lists its present ones. */
    private List<Multiaddr> listedBefore;

    private boolean identified;
    private boolean server;
    private boolean entryCurrent;
    private final RttEstimator rttEstimator = new RttEstimator();

    /**
     * Creates a peer without a connection.
     *
     * @param listedBefore addresses in its last identification, when it was connected before
     */
    ConnectedPeer(List<Multiaddr> listedBefore) {
        this.listedBefore = listedBefore;
    }

    /** Adds a connection that has opened. */
    void addConnection(long connection) {
        if (!isOpen(connection)) {
            connections = Arrays.copyOf(connections, connections.length + 1);
            connections[connections.length - 1] = connection;
        }
    }

    /** Removes a connection that has closed; returns whether it was the last one. */
    boolean removeConnection(long connection) {
        boolean wasOpen = isOpen(connection);
        connections =
                Arrays.stream(connections).filter(open -> open != connection).toArray();
        return wasOpen && connections.length == 0;
    }

    boolean isOpen(long connection) {
        for (long open : connections) {
            if (open == connection) {
                return true;
            }
        }
        return false;
    }

    /** Adds an address at which the peer was dialled. */
    void addDialledAddress(Multiaddr address) {
        if (!dialledAddresses.contains(address)) {
            dialledAddresses =
                    Stream.concat(dialledAddresses.stream(), Stream.of(address)).toList();
            entryCurrent = false;
        }
    }

    /** Replaces the address of a connection that has moved. */
    void addressChanged(Multiaddr previous, Multiaddr current) {
        dialledAddresses = dialledAddresses.stream()
                .filter(address -> !address.equals(previous))
                .toList();
        addDialledAddress(current);
    }

    /**
     * Sets the listen addresses in the identification of the peer, of which up to {@code limit} are kept. One that it listed before and lists no
     * more is no longer an address of the peer, even if it was dialled there.
     */
    void setIdentifyAddresses(List<Multiaddr> addresses, int limit) {
        dialledAddresses = dialledAddresses.stream()
                .filter(address -> addresses.contains(address)
                        || !(identifyAddresses.contains(address) || listedBefore.contains(address)))
                .toList();
        listedBefore = List.of();
        identifyAddresses = addresses.size() <= limit ? addresses : List.copyOf(addresses.subList(0, limit));
        identified = true;
        entryCurrent = false;
    }

    /** Returns the addresses that the peer has listed last; empty if it never has. */
    List<Multiaddr> listedAddresses() {
        return identified ? identifyAddresses : listedBefore;
    }

    /** Returns whether the peer has sent identify on this connection. */
    boolean isIdentified() {
        return identified;
    }

    /** Returns up to {@code limit} addresses of the peer, dialled ones first. */
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

    /** Returns whether the peer serves the protocol. */
    boolean isServer() {
        return server;
    }

    void setServer(boolean server) {
        this.server = server;
        this.entryCurrent = this.entryCurrent && server;
    }

    /** Returns whether the entry of the peer in the routing table has its present addresses, so that nothing is to be inserted. */
    boolean isEntryCurrent() {
        return entryCurrent;
    }

    void setEntryCurrent(boolean entryCurrent) {
        this.entryCurrent = entryCurrent;
    }

    /** Returns the estimator of the request timeout of the peer. */
    RttEstimator rttEstimator() {
        return rttEstimator;
    }
}
