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
import io.kad.core.job.BootstrapSchedule;
import io.kad.core.query.OutboundRequest;
import io.kad.core.routing.RoutingSnapshot;
import io.kad.core.routing.RoutingTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides who enters and leaves the routing table.
 *
 * <p>A peer enters once it is known to serve the protocol, because it says so or has answered a request, and as disconnected
 * when the user adds its address. It leaves when it no longer serves the protocol. Peers that others merely name do not enter,
 * nor do peers that only ask (libp2p kad-dht specification, client and server mode).
 */
final class RoutingTableMaintenance {

    private final AdvanceContext advance;
    private final BootstrapSchedule schedule;
    private final RoutingTable table;
    private final String protocol;
    private final boolean entersByItself;
    private final int maxAddresses;
    private final Duration requestTimeout;
    private final Duration minRequestTimeout;
    private final Map<PeerId, ConnectedPeer> sessions = new HashMap<>();

    private RoutingSnapshot published;

    RoutingTableMaintenance(AdvanceContext advance, PeerId self, KademliaConfig config, BootstrapSchedule schedule) {
        this.advance = advance;
        this.schedule = schedule;
        this.protocol = config.get(KademliaConfig.PROTOCOL);
        this.entersByItself = config.get(KademliaConfig.BUCKET_INSERTS) == BucketInserts.ON_CONNECTED;
        this.maxAddresses = config.get(KademliaConfig.MAX_ADDRESSES_PER_PEER);
        this.requestTimeout = config.get(KademliaConfig.REQUEST_TIMEOUT);
        this.minRequestTimeout = config.get(KademliaConfig.MIN_REQUEST_TIMEOUT);
        this.table = new RoutingTable(
                self,
                config.get(KademliaConfig.BUCKET_SIZE),
                config.get(KademliaConfig.PENDING_TIMEOUT).toNanos(),
                maxAddresses);
        this.published = table.snapshot();
    }

    // --- what queries read

    RoutingSnapshot snapshot() {
        return table.snapshot();
    }

    List<Integer> refreshableBuckets() {
        return table.refreshableBuckets();
    }

    /** Returns a connected peer with the addresses that it or its connections told. */
    Optional<PeerInfo> connected(PeerId peer) {
        ConnectedPeer connectedPeer = sessions.get(peer);
        if (connectedPeer == null) {
            return Optional.empty();
        }
        return table.find(peer)
                .or(() -> Optional.of(
                        new PeerInfo(peer, connectedPeer.addresses(maxAddresses), ConnectionType.CONNECTED)));
    }

    boolean hasPeers() {
        return table.size() > 0;
    }

    /** Returns whether any peer is connected. */
    boolean isConnected() {
        return !sessions.isEmpty();
    }

    boolean isConnected(PeerId peer) {
        return sessions.containsKey(peer);
    }

    /** Returns how long a request to {@code peer} may take; one that has to dial first may take the most. */
    Duration requestTimeout(PeerId peer) {
        ConnectedPeer connectedPeer = sessions.get(peer);
        return connectedPeer == null ? requestTimeout : connectedPeer.rttEstimator().timeout(minRequestTimeout, requestTimeout);
    }

    // --- what the transport and requests tell

    void connectionOpened(ConnectionInfo connection) {
        ConnectedPeer connectedPeer = sessions.computeIfAbsent(connection.peer(), peer -> new ConnectedPeer());
        noteDialled(connectedPeer, connection);
        table.setConnected(connection.peer(), true);
    }

    void connectionClosed(ConnectionInfo connection, int remaining) {
        if (remaining == 0) {
            sessions.remove(connection.peer());
            table.setConnected(connection.peer(), false);
        }
    }

    private static void noteDialled(ConnectedPeer connectedPeer, ConnectionInfo connection) {
        if (connection.direction() == ConnectionInfo.Direction.OUTBOUND) {
            connectedPeer.addDialledAddress(connection.remoteAddress());
        }
    }

    /** Takes that a connection goes on at another address; only where we dialled does it tell where the peer can be dialled. */
    void addressChanged(ConnectionInfo before, ConnectionInfo after) {
        ConnectedPeer connectedPeer = sessions.get(after.peer());
        if (connectedPeer != null && after.direction() == ConnectionInfo.Direction.OUTBOUND) {
            connectedPeer.addressChanged(before.remoteAddress(), after.remoteAddress());
            if (table.contains(after.peer())) {
                insert(after.peer(), List.of(after.remoteAddress()), true);
                table.removeAddress(after.peer(), before.remoteAddress());
            }
        }
    }

    void peerIdentified(PeerIdentification identification, ConnectionInfo connection) {
        PeerId peer = identification.peer();
        ConnectedPeer connectedPeer = sessions.get(peer);
        if (connectedPeer == null) {
            return;
        }
        List<Multiaddr> told = identification.listenAddresses();
        connectedPeer.setIdentifyAddresses(told.size() <= maxAddresses ? told : List.copyOf(told.subList(0, maxAddresses)));
        noteDialled(connectedPeer, connection);
        connectedPeer.setServer(identification.protocols().contains(protocol));
        if (connectedPeer.isServer()) {
            route(peer, connectedPeer, true);
        } else {
            remove(peer);
        }
    }

    /** Takes that a peer has answered a request, so that it serves the protocol. */
    void responseReceived(OutboundRequest request) {
        ConnectedPeer connectedPeer = sessions.get(request.peer());
        if (connectedPeer != null && request.connected()) {
            connectedPeer.rttEstimator().onResponse(advance.nanos() - request.sentNanos());
        }
        confirmServer(request.peer());
    }

    /** Takes that a peer has taken a message, so that it serves the protocol. */
    void confirmServer(PeerId peer) {
        ConnectedPeer connectedPeer = sessions.get(peer);
        if (connectedPeer != null) {
            connectedPeer.setServer(true);
            route(peer, connectedPeer, false);
        }
    }

    /** Takes that a request came to nothing. */
    void requestFailed(PeerId peer, TransportFailure failure) {
        ConnectedPeer connectedPeer = sessions.get(peer);
        if (failure.kind() == TransportFailure.Kind.UNSUPPORTED) {
            unsupported(peer);
        } else if (failure.kind() == TransportFailure.Kind.TIMEOUT && connectedPeer != null) {
            connectedPeer.rttEstimator().onTimeout();
        }
    }

    /** Takes that a peer refused the protocol. */
    private void unsupported(PeerId peer) {
        ConnectedPeer connectedPeer = sessions.get(peer);
        if (connectedPeer != null) {
            connectedPeer.setServer(false);
        }
        remove(peer);
    }

    void dialFailed(PeerId peer, Multiaddr address) {
        table.dialFailed(peer, address);
    }

    /** Gives a connected server its place, or says why not if that is {@code news}. */
    private void route(PeerId peer, ConnectedPeer connectedPeer, boolean news) {
        if (connectedPeer.isInRoutingTable()) {
            return;
        }
        List<Multiaddr> addresses = connectedPeer.addresses(maxAddresses);
        boolean mayEnter = table.contains(peer) || (entersByItself && !addresses.isEmpty());
        RoutingTable.Outcome outcome = mayEnter ? insert(peer, addresses, true) : RoutingTable.Outcome.FULL;
        connectedPeer.setInRoutingTable(outcome != RoutingTable.Outcome.FULL && outcome != RoutingTable.Outcome.PENDING);
        if (news && outcome == RoutingTable.Outcome.FULL) {
            publish(
                    addresses.isEmpty()
                            ? new DhtEvent.UnroutablePeer(peer)
                            : new DhtEvent.RoutablePeer(peer, addresses));
        }
    }

    private RoutingTable.Outcome insert(PeerId peer, List<Multiaddr> addresses, boolean connected) {
        List<Multiaddr> before = table.find(peer).map(PeerInfo::addresses).orElse(List.of());
        RoutingTable.Insertion insertion = table.insert(advance.nanos(), peer, addresses, connected);
        boolean added = insertion.outcome() == RoutingTable.Outcome.INSERTED;
        if (added || insertion.outcome() == RoutingTable.Outcome.UPDATED) {
            List<Multiaddr> after = table.find(peer).map(PeerInfo::addresses).orElse(List.of());
            if (!before.containsAll(after)) {
                publish(new DhtEvent.RoutingUpdated(peer, added, after, insertion.bucket(), Optional.empty()));
            }
        }
        if (added) {
            schedule.peerEntered(advance.nanos(), table.size());
        }
        insertion.toProbe().flatMap(table::find).ifPresent(first -> {
            publish(new DhtEvent.PendingPeer(peer));
            advance.emit(new EngineAction.Dial(first, requestTimeout));
        });
        return insertion.outcome();
    }

    private boolean remove(PeerId peer) {
        boolean hadPlace = table.contains(peer);
        boolean wasThere = table.remove(peer);
        if (hadPlace) {
            publish(new DhtEvent.PeerRemoved(peer));
        }
        return wasThere;
    }

    // --- what the user tells

    /** Takes peers with an address each, as disconnected ones; those that find their bucket full are passed over. */
    void addDisconnected(List<PeerInfo> peers) {
        for (PeerInfo peer : peers) {
            if (!peer.addresses().isEmpty()) {
                insert(peer);
            }
        }
    }

    private void insert(PeerInfo peer) {
        RoutingTable.Insertion insertion = table.insert(advance.nanos(), peer.id(), peer.addresses(), false);
        if (insertion.outcome() == RoutingTable.Outcome.INSERTED) {
            publish(new DhtEvent.RoutingUpdated(
                    peer.id(), true, peer.addresses(), insertion.bucket(), Optional.empty()));
            schedule.peerEntered(advance.nanos(), table.size());
        }
    }

    RoutingUpdate addAddress(PeerId peer, Multiaddr address) {
        Optional<Multiaddr> place = placeOf(peer, address);
        if (place.isEmpty()) {
            return RoutingUpdate.FAILED;
        }
        ConnectedPeer connectedPeer = sessions.get(peer);
        boolean connected = connectedPeer != null && (connectedPeer.isServer() || table.contains(peer));
        return switch (insert(peer, List.of(place.get()), connected)) {
            case INSERTED, UPDATED, UNCHANGED -> RoutingUpdate.SUCCESS;
            case PENDING -> RoutingUpdate.PENDING;
            case FULL, SELF -> RoutingUpdate.FAILED;
        };
    }

    boolean removeAddress(PeerId peer, Multiaddr address) {
        boolean hadPlace = table.contains(peer);
        boolean removed = placeOf(peer, address)
                .map(place -> table.removeAddress(peer, place))
                .orElse(false);
        if (hadPlace && !table.contains(peer)) {
            publish(new DhtEvent.PeerRemoved(peer));
        }
        return removed;
    }

    boolean removePeer(PeerId peer) {
        return remove(peer);
    }

    /** Returns {@code address} without the peer at its end; empty if it leads to another peer, or nowhere. */
    private static Optional<Multiaddr> placeOf(PeerId peer, Multiaddr address) {
        try {
            return address.withPeerId(peer).withoutPeerId();
        } catch (IllegalArgumentException addressOfAnother) {
            return Optional.empty();
        }
    }

    // --- time

    /** Gives waiting peers their place. */
    void applyPending() {
        for (RoutingTable.Replacement entered : table.applyPending(advance.nanos())) {
            publish(new DhtEvent.RoutingUpdated(
                    entered.added(), true, entered.addresses(), entered.bucket(), entered.evicted()));
        }
    }

    long nextDeadlineNanos() {
        return table.nextDeadlineNanos();
    }

    /** Lets others see the table, if it has changed. */
    @SuppressWarnings("ReferenceEquality") // the table makes a new snapshot only after a change
    void emitSnapshot() {
        RoutingSnapshot current = table.snapshot();
        if (current != published) {
            published = current;
            advance.emit(new EngineAction.UpdateRoutingSnapshot(current));
        }
    }

    private void publish(DhtEvent event) {
        advance.emit(new EngineAction.EmitEvent(event));
    }
}
