package io.kad.core.engine;

import io.kad.api.BucketInserts;
import io.kad.api.KademliaConfig;
import io.kad.api.RoutingUpdate;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.job.BootstrapRetries;
import io.kad.core.job.BootstrapSchedule;
import io.kad.core.query.OutboundRequest;
import io.kad.core.routing.FailedAddresses;
import io.kad.core.routing.RoutingSnapshot;
import io.kad.core.routing.RoutingTable;
import io.kad.core.routing.UserAddresses;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Maintenance of the routing table: inserts and removes peers.
 *
 * <p>A peer is inserted when identify lists the protocol or when it responds to a request, and as disconnected when the user adds its
 * address. It is removed when it no longer serves the protocol, and when it did not answer repeatedly and a connected peer needs its place in
 * a full bucket; without one it stays. Peers that other peers return, and clients that query this peer, are
 * not inserted (libp2p kad-dht specification, client and server mode). Confined to one thread at a time.
 */
final class RoutingTableMaintenance {

    private final AdvanceContext context;
    private final BootstrapSchedule schedule;
    private final BootstrapRetries retries;
    private final RoutingTable table;
    private final String protocol;
    private final OtherProtocols otherProtocols;
    private final boolean insertsOnConnect;
    private final int maxAddresses;
    private final Duration requestTimeout;
    private final Duration minRequestTimeout;
    private final UserAddresses userAddresses;
    private final Map<PeerId, ConnectedPeer> connectedPeers = new HashMap<>();
    /** Addresses that peers of the table which are not connected listed in their last identification. */
    private final Map<PeerId, List<Multiaddr>> listedAddresses = new HashMap<>();

    private final Map<PeerId, PeerInfo> bootstrapPeers = new LinkedHashMap<>();
    private final FailedAddresses failedAddresses = new FailedAddresses();
    private final PeerLiveness liveness;

    private RoutingSnapshot emitted;

    RoutingTableMaintenance(
            AdvanceContext context,
            PeerId self,
            KademliaConfig config,
            BootstrapSchedule schedule,
            BootstrapRetries retries) {
        this.context = context;
        this.schedule = schedule;
        this.retries = retries;
        this.protocol = config.get(KademliaConfig.PROTOCOL);
        this.otherProtocols = new OtherProtocols(context, protocol);
        this.insertsOnConnect = config.get(KademliaConfig.BUCKET_INSERTS) == BucketInserts.ON_CONNECTED;
        this.maxAddresses = config.get(KademliaConfig.MAX_ADDRESSES_PER_PEER);
        this.userAddresses = new UserAddresses(maxAddresses);
        this.requestTimeout = config.get(KademliaConfig.REQUEST_TIMEOUT);
        this.minRequestTimeout = config.get(KademliaConfig.MIN_REQUEST_TIMEOUT);
        this.table = new RoutingTable(
                self,
                config.get(KademliaConfig.BUCKET_SIZE),
                config.get(KademliaConfig.PENDING_TIMEOUT).toNanos(),
                maxAddresses);
        this.liveness = new PeerLiveness(requestTimeout, table::contains);
        this.emitted = table.snapshot();
    }

    // --- reads of queries

    RoutingSnapshot snapshot() {
        return table.snapshot();
    }

    List<Integer> refreshableBuckets() {
        return table.refreshableBuckets();
    }

    /** Returns a connected peer with the addresses of its identification and its connections. */
    Optional<PeerInfo> connected(PeerId peer) {
        ConnectedPeer connectedPeer = connectedPeers.get(peer);
        if (connectedPeer == null) {
            return Optional.empty();
        }
        return table.find(peer)
                .or(() -> Optional.of(
                        new PeerInfo(peer, connectedPeer.addresses(maxAddresses), ConnectionType.CONNECTED)));
    }

    Optional<String> mismatchedProtocol() {
        return otherProtocols.latest();
    }

    boolean hasPeers() {
        return table.size() > 0;
    }

    /** Returns whether any peer is connected. */
    boolean isConnected() {
        return !connectedPeers.isEmpty();
    }

    boolean isConnected(PeerId peer) {
        return connectedPeers.containsKey(peer);
    }

    /** Returns whether a lookup skips {@code peer} for now, as it is not connected and was silent lately. */
    boolean isBackedOff(PeerId peer) {
        return !isConnected(peer) && liveness.isBackedOff(peer, context.nanos());
    }

    /** Returns the request timeout of {@code peer}; the configured one if it has to be dialled first. */
    Duration requestTimeout(PeerId peer) {
        ConnectedPeer connectedPeer = connectedPeers.get(peer);
        return connectedPeer == null
                ? requestTimeout
                : connectedPeer.rttEstimator().timeout(minRequestTimeout, requestTimeout);
    }

    // --- events of the transport and results of requests

    void connectionOpened(ConnectionInfo connection) {
        heard(connection.peer());
        ConnectedPeer connectedPeer = connectedPeers.computeIfAbsent(
                connection.peer(),
                peer -> new ConnectedPeer(Objects.requireNonNullElse(listedAddresses.remove(peer), List.of())));
        connectedPeer.addConnection(connection.id());
        if (connection.direction() == ConnectionInfo.Direction.OUTBOUND) {
            connectedPeer.addDialledAddress(connection.remoteAddress());
        }
        table.setConnected(connection.peer(), true);
    }

    /** Called when a connection has closed. Connections are counted by their IDs, as the events of two of them may overtake each other. */
    void connectionClosed(ConnectionInfo connection) {
        ConnectedPeer connectedPeer = connectedPeers.get(connection.peer());
        if (connectedPeer != null && connectedPeer.removeConnection(connection.id())) {
            connectedPeers.remove(connection.peer());
            keepListedAddresses(connection.peer(), connectedPeer);
            otherProtocols.disconnected(connection.peer());
            table.setConnected(connection.peer(), false);
        }
    }

    private void keepListedAddresses(PeerId peer, ConnectedPeer connectedPeer) {
        listedAddresses.put(peer, connectedPeer.listedAddresses());
        if (listedAddresses.size() > table.size()) {
            listedAddresses.keySet().removeIf(kept -> !table.contains(kept));
        }
    }

    /** Called when a connection has moved to another address; only that of an outbound connection is one at which the peer listens. */
    void addressChanged(ConnectionInfo previous, ConnectionInfo current) {
        ConnectedPeer connectedPeer = connectedPeers.get(current.peer());
        if (connectedPeer != null && current.direction() == ConnectionInfo.Direction.OUTBOUND) {
            connectedPeer.addressChanged(previous.remoteAddress(), current.remoteAddress());
            if (table.contains(current.peer())) {
                insert(current.peer(), List.of(current.remoteAddress()), true);
                table.removeAddress(current.peer(), previous.remoteAddress());
            }
        }
    }

    void peerIdentified(PeerIdentification identification, ConnectionInfo connection) {
        PeerId peer = identification.peer();
        ConnectedPeer connectedPeer = connectedPeers.get(peer);
        if (connectedPeer == null || !connectedPeer.isOpen(connection.id())) {
            return;
        }
        heard(peer);
        otherProtocols.identified(peer, identification.protocols());
        connectedPeer.setIdentifyAddresses(identification.listenAddresses(), maxAddresses);
        connectedPeer.setServer(identification.protocols().contains(protocol));
        if (connectedPeer.isServer()) {
            serverHeard();
            insertServer(peer, connectedPeer, true);
        } else {
            removePeer(peer);
            noteUnservedBootstrapPeer(peer);
        }
    }

    /** Tries a bootstrap peer again that does not serve the protocol now: it may do so later, after a restart or in server mode. */
    private void noteUnservedBootstrapPeer(PeerId peer) {
        if (isBootstrapPeer(peer)) {
            retries.requestFailed(peer, context.nanos(), context.nanos(), table.size());
        }
    }

    /** Called when a peer responded to a request, which shows that it serves the protocol. */
    void responseReceived(OutboundRequest request) {
        ConnectedPeer connectedPeer = connectedPeers.get(request.peer());
        if (connectedPeer != null && request.wasConnected()) {
            connectedPeer.rttEstimator().onResponse(context.nanos() - request.sentNanos());
        }
        serverHeard(request.peer());
    }

    /** Called when a peer accepted a message, which shows that it serves the protocol. */
    void serverHeard(PeerId peer) {
        heard(peer);
        serverHeard();
        ConnectedPeer connectedPeer = connectedPeers.get(peer);
        if (connectedPeer != null) {
            connectedPeer.setServer(true);
            insertServer(peer, connectedPeer, false);
        }
    }

    /**
     * Called when a request failed that was sent: its peer was heard, or is blamed, or is not the cause.
     *
     * @param isTimed false if its peer was blamed before, or nobody waits for a response
     */
    void requestFailed(OutboundRequest request, TransportFailure failure, boolean isTimed) {
        long now = context.nanos();
        switch (failure.kind()) {
            case TIMEOUT -> {
                if (isTimed) {
                    countAgainstPeer(request, now);
                }
                noteTimeout(request.peer());
            }
            case UNREACHABLE -> {
                if (isTimed) {
                    countAgainstPeer(request, now);
                }
            }
            case REFUSED -> {
                if (isTimed) {
                    requestRefused(request, now);
                }
                heard();
            }
            case UNSUPPORTED -> {
                noteForBootstrapRetries(request, now);
                heard();
                protocolUnsupported(request.peer());
            }
            case WRONG_PEER, RESET, INVALID -> {
                noteForBootstrapRetries(request, now);
                heard();
            }
            case CLOSED -> noteForBootstrapRetries(request, now);
            case OVERLOADED, GATED, TOO_LARGE, CANCELLED, BAD_ADDRESS, DEFECT -> {
                // the local peer or its user was the cause
            }
        }
    }

    private void noteTimeout(PeerId peer) {
        ConnectedPeer connectedPeer = connectedPeers.get(peer);
        if (connectedPeer != null) {
            connectedPeer.rttEstimator().onTimeout();
        }
    }

    /** Called when a request got no response, at the latest at its extended max wait. */
    void countAgainstPeer(OutboundRequest request, long nowNanos) {
        liveness.failed(request.peer(), request.sentNanos(), nowNanos);
        noteForBootstrapRetries(request, nowNanos);
    }

    private void noteForBootstrapRetries(OutboundRequest request, long nowNanos) {
        PeerId peer = request.peer();
        if (table.contains(peer) || isBootstrapPeer(peer)) {
            retries.requestFailed(peer, request.sentNanos(), nowNanos, table.size());
        }
    }

    private boolean isBootstrapPeer(PeerId peer) {
        return bootstrapPeers.containsKey(peer);
    }

    private void serverHeard() {
        otherProtocols.localProtocolHeard();
        boolean endsRetries = retries.serverHeard(context.nanos());
        if (endsRetries) {
            schedule.networkMayBeBack(context.nanos());
        }
    }

    private void requestRefused(OutboundRequest request, long nowNanos) {
        removeFailedAddresses();
        afterHeard(liveness.refused(request.peer(), request.sentNanos(), nowNanos));
        noteForBootstrapRetries(request, nowNanos);
    }

    /** Called when some peer was heard, though maybe not the one that was meant. */
    private void heard() {
        removeFailedAddresses();
        afterHeard(liveness.heard(context.nanos()));
    }

    private void heard(PeerId peer) {
        removeFailedAddresses();
        afterHeard(liveness.heard(peer, context.nanos()));
    }

    private void afterHeard(boolean outageEnds) {
        if (outageEnds) {
            schedule.networkMayBeBack(context.nanos());
        }
    }

    /** Removes the addresses that could not be dialled before somebody was heard now, unless the local peer may have been offline. */
    private void removeFailedAddresses() {
        if (liveness.mayBeOffline()) {
            failedAddresses.clear();
        }
        failedAddresses.takeAll(table::dialFailed);
    }

    private void protocolUnsupported(PeerId peer) {
        ConnectedPeer connectedPeer = connectedPeers.get(peer);
        if (connectedPeer != null) {
            connectedPeer.setServer(false);
        }
        removePeer(peer);
    }

    /** Called when a dial failed: the address is removed once somebody is heard, unless it is the last one, or the local peer may be offline. */
    void dialFailed(PeerId peer, Multiaddr address, TransportFailure failure) {
        failedAddresses.add(peer, address);
        switch (failure.kind()) {
            case UNSUPPORTED, WRONG_PEER, RESET, INVALID -> heard();
            case REFUSED -> {
                // one address may be of this machine, so that its refusal shows nothing; the request tells that of all
            }
            case TIMEOUT, UNREACHABLE, CLOSED, OVERLOADED, GATED, TOO_LARGE, CANCELLED, BAD_ADDRESS, DEFECT -> {
                // nobody was heard
            }
        }
    }

    /** Inserts a connected server; if that is not possible and {@code emitsRefusal}, emits the reason. */
    private void insertServer(PeerId peer, ConnectedPeer connectedPeer, boolean emitsRefusal) {
        if (connectedPeer.isEntryCurrent()) {
            return;
        }
        List<Multiaddr> addresses = userAddresses.mergedWith(connectedPeer.addresses(maxAddresses), peer);
        boolean insertable = table.contains(peer) || (insertsOnConnect && !addresses.isEmpty());
        boolean replaces = connectedPeer.isIdentified() && !addresses.isEmpty();
        Optional<RoutingTable.Outcome> outcome =
                insertable ? Optional.of(insert(peer, addresses, true, replaces)) : Optional.empty();
        boolean refused = outcome.isEmpty() || outcome.get() == RoutingTable.Outcome.FULL;
        connectedPeer.setEntryCurrent(!refused && outcome.get() != RoutingTable.Outcome.PENDING);
        if (emitsRefusal && refused) {
            emit(addresses.isEmpty() ? new DhtEvent.UnroutablePeer(peer) : new DhtEvent.RoutablePeer(peer, addresses));
        }
    }

    private RoutingTable.Outcome insert(PeerId peer, List<Multiaddr> addresses, boolean connected) {
        return insert(peer, addresses, connected, false);
    }

    /** Inserts or updates a peer; {@code replaces} says whether {@code addresses} replace the present ones. */
    private RoutingTable.Outcome insert(PeerId peer, List<Multiaddr> addresses, boolean connected, boolean replaces) {
        if (connected) {
            table.replaceable(peer, this::isReplaceable).ifPresent(this::removePeer);
        }
        List<Multiaddr> previous = table.find(peer).map(PeerInfo::addresses).orElse(List.of());
        RoutingTable.Insertion insertion = replaces
                ? table.insertReplacing(context.nanos(), peer, addresses, connected)
                : table.insert(context.nanos(), peer, addresses, connected);
        boolean added = insertion.outcome() == RoutingTable.Outcome.INSERTED;
        if (added || insertion.outcome() == RoutingTable.Outcome.UPDATED) {
            List<Multiaddr> current = table.find(peer).map(PeerInfo::addresses).orElse(List.of());
            if (!previous.containsAll(current)) {
                emit(new DhtEvent.RoutingUpdated(peer, added, current, insertion.bucket(), Optional.empty()));
            }
        }
        if (added) {
            schedule.peerInserted(context.nanos(), table.size());
        }
        insertion.toProbe().flatMap(table::find).ifPresent(oldest -> {
            emit(new DhtEvent.PendingPeer(peer));
            context.emit(new EngineAction.Dial(oldest, requestTimeout));
        });
        return insertion.outcome();
    }

    /** Returns whether a silent peer gives its place away; one that is connected or has addresses of the user does not. */
    private boolean isReplaceable(PeerId peer) {
        return liveness.isReplaceable(peer) && !isConnected(peer) && !userAddresses.contains(peer);
    }

    /** Removes a peer for the user: it is no bootstrap peer any more, either. */
    boolean removePeerOfUser(PeerId peer) {
        bootstrapPeers.remove(peer);
        return removePeer(peer);
    }

    /** Removes a peer; one that is still connected is inserted again when it next shows that it serves the protocol. */
    boolean removePeer(PeerId peer) {
        boolean wasInserted = table.contains(peer);
        boolean removed = table.remove(peer);
        if (wasInserted) {
            afterRemoval(peer);
        } else {
            userAddresses.removePeer(peer); // it was pending
        }
        return removed;
    }

    private void afterRemoval(PeerId peer) {
        userAddresses.removePeer(peer);
        ConnectedPeer connectedPeer = connectedPeers.get(peer);
        if (connectedPeer != null) {
            connectedPeer.setEntryCurrent(false);
        }
        emit(new DhtEvent.PeerRemoved(peer));
    }

    // --- commands of the user

    /** Inserts peers of a snapshot as disconnected; skips those without an address and those whose bucket is full. */
    void addDisconnected(Collection<PeerInfo> peers) {
        for (PeerInfo peer : peers) {
            if (!peer.addresses().isEmpty()) {
                insert(peer);
            }
        }
    }

    private void insert(PeerInfo peer) {
        RoutingTable.Insertion insertion = table.insertDisconnected(context.nanos(), peer);
        if (insertion.outcome() == RoutingTable.Outcome.INSERTED) {
            emit(new DhtEvent.RoutingUpdated(peer.id(), true, peer.addresses(), insertion.bucket(), Optional.empty()));
            schedule.peerInserted(context.nanos(), table.size());
        }
    }

    /** Inserts the bootstrap peers of the user, and keeps them for {@link #retryBootstrapPeers}. */
    void addBootstrapPeers(List<PeerInfo> peers) {
        peers.forEach(peer -> bootstrapPeers.merge(peer.id(), peer, this::withAddressesOf));
        insertBootstrapPeers(peers.stream()
                .map(PeerInfo::id)
                .distinct()
                .map(bootstrapPeers::get)
                .toList());
    }

    private PeerInfo withAddressesOf(PeerInfo known, PeerInfo added) {
        return PeerInfo.of(
                known.id(),
                Stream.concat(added.addresses().stream(), known.addresses().stream())
                        .distinct()
                        .limit(maxAddresses)
                        .toList());
    }

    private void insertBootstrapPeers(Collection<PeerInfo> given) {
        addDisconnected(given);
        given.forEach(peer -> addUserAddresses(peer.id(), peer.addresses()));
    }

    /** Returns whether there is anybody to join through: a peer in the table, or a bootstrap peer, which may have been removed. */
    boolean hasPeersToTry() {
        return hasPeers() || !bootstrapPeers.isEmpty();
    }

    /** Inserts the bootstrap peers that were removed since, and dials those that are not connected. */
    void retryBootstrapPeers() {
        insertBootstrapPeers(bootstrapPeers.values());
        for (PeerInfo peer : bootstrapPeers.values()) {
            if (!isConnected(peer.id())) {
                context.emit(new EngineAction.Dial(peer, requestTimeout));
            }
        }
    }

    /** Adds addresses of a peer that is in the table or pending, and forgets those of pending peers that were dropped since. */
    private void addUserAddresses(PeerId peer, List<Multiaddr> addresses) {
        if (table.holds(peer)) {
            userAddresses.retain(table::holds);
            userAddresses.add(peer, addresses);
        }
    }

    RoutingUpdate addAddress(PeerId peer, Multiaddr address) {
        Optional<Multiaddr> dialable = withoutPeerId(peer, address);
        if (dialable.isEmpty()) {
            return RoutingUpdate.FAILED;
        }
        ConnectedPeer connectedPeer = connectedPeers.get(peer);
        boolean connected = connectedPeer != null && (connectedPeer.isServer() || table.contains(peer));
        RoutingTable.Outcome outcome = insert(peer, List.of(dialable.get()), connected);
        addUserAddresses(peer, List.of(dialable.get()));
        return switch (outcome) {
            case INSERTED, UPDATED, UNCHANGED -> RoutingUpdate.SUCCESS;
            case PENDING -> RoutingUpdate.PENDING;
            case FULL, SELF -> RoutingUpdate.FAILED;
        };
    }

    boolean removeAddress(PeerId peer, Multiaddr address) {
        boolean wasInserted = table.contains(peer);
        boolean removed = withoutPeerId(peer, address)
                .map(dialable -> {
                    userAddresses.remove(peer, dialable);
                    boolean wasRetried = removeBootstrapAddress(peer, dialable);
                    return table.removeAddress(peer, dialable) || wasRetried;
                })
                .orElse(false);
        if (wasInserted && !table.contains(peer)) {
            afterRemoval(peer);
        }
        return removed;
    }

    /**
     * Removes an address of a bootstrap peer, and with the last one the peer, so that no retry dials it again; returns whether it had
     * that address.
     */
    private boolean removeBootstrapAddress(PeerId peer, Multiaddr removed) {
        PeerInfo known = bootstrapPeers.get(peer);
        if (known == null) {
            return false;
        }
        List<Multiaddr> left = known.addresses().stream()
                .filter(address -> !withoutPeerId(peer, address).equals(Optional.of(removed)))
                .toList();
        if (left.isEmpty()) {
            bootstrapPeers.remove(peer);
        } else {
            bootstrapPeers.put(peer, PeerInfo.of(peer, left));
        }
        return left.size() < known.addresses().size();
    }

    /** Returns {@code address} without its peer ID; empty if it has that of another peer, or nothing else. */
    private static Optional<Multiaddr> withoutPeerId(PeerId peer, Multiaddr address) {
        try {
            return address.withPeerId(peer).withoutPeerId();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    // --- time

    /** Inserts pending peers whose wait has ended; while this peer may be offline, nobody is evicted for them. */
    void applyPending() {
        for (RoutingTable.Replacement replacement : table.applyPending(context.nanos(), !liveness.mayBeOffline())) {
            replacement.evicted().ifPresent(userAddresses::removePeer);
            emit(new DhtEvent.RoutingUpdated(
                    replacement.added(), true, replacement.addresses(), replacement.bucket(), replacement.evicted()));
        }
    }

    long nextDeadlineNanos() {
        return table.nextDeadlineNanos();
    }

    /** Emits a snapshot of the table if it has changed. */
    @SuppressWarnings("ReferenceEquality") // the table makes a new snapshot only after a change
    void emitSnapshot() {
        RoutingSnapshot current = table.snapshot();
        if (current != emitted) {
            emitted = current;
            context.emit(new EngineAction.UpdateRoutingSnapshot(current));
        }
    }

    private void emit(DhtEvent event) {
        context.emit(new EngineAction.EmitDhtEvent(event));
    }
}
