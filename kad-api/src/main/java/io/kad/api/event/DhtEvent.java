package io.kad.api.event;

import static java.util.Objects.requireNonNull;

import io.kad.api.KadException;
import io.kad.api.Mode;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.TransportEvent;
import java.util.List;
import java.util.Optional;

/** A change of a peer's own state, or something that others did to it. */
public sealed interface DhtEvent {

    /** Calls the method of {@code visitor} for this kind of event. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each kind of event. */
    interface Visitor<R> {
        R routingUpdated(RoutingUpdated event);

        R peerRemoved(PeerRemoved event);

        R unroutablePeer(UnroutablePeer event);

        R routablePeer(RoutablePeer event);

        R pendingPeer(PendingPeer event);

        R republished(Republished event);

        R modeChanged(ModeChanged event);

        R requestServed(RequestServed event);

        R transportEventReceived(TransportEventReceived event);

        R recordEvicted(RecordEvicted event);
    }

    /**
     * A peer entered the routing table, or became known by a further address.
     *
     * @param added whether it is new to the table
     * @param bucket the index of its bucket: the binary logarithm of its distance, 0 to 255
     * @param evicted the peer that gave way to it
     */
    record RoutingUpdated(PeerId peer, boolean added, List<Multiaddr> addresses, int bucket, Optional<PeerId> evicted)
            implements DhtEvent {
        public RoutingUpdated {
            requireNonNull(peer, "peer");
            addresses = List.copyOf(addresses);
            requireNonNull(evicted, "evicted");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.routingUpdated(this);
        }
    }

    /** A peer left the routing table other than by eviction: removed by the user, or no longer a server. */
    record PeerRemoved(PeerId peer) implements DhtEvent {
        public PeerRemoved {
            requireNonNull(peer, "peer");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.peerRemoved(this);
        }
    }

    /** A server is connected, but no address is known at which it could be dialled. */
    record UnroutablePeer(PeerId peer) implements DhtEvent {
        public UnroutablePeer {
            requireNonNull(peer, "peer");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.unroutablePeer(this);
        }
    }

    /** A server is connected and could be dialled, but is not in the routing table: its bucket is full, or the user decides who enters. */
    record RoutablePeer(PeerId peer, List<Multiaddr> addresses) implements DhtEvent {
        public RoutablePeer {
            requireNonNull(peer, "peer");
            addresses = List.copyOf(addresses);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.routablePeer(this);
        }
    }

    /** A peer waits to replace the least recently seen peer of its bucket. */
    record PendingPeer(PeerId peer) implements DhtEvent {
        public PendingPeer {
            requireNonNull(peer, "peer");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.pendingPeer(this);
        }
    }

    /** The peer became a server or a client. */
    record ModeChanged(Mode mode) implements DhtEvent {
        public ModeChanged {
            requireNonNull(mode, "mode");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.modeChanged(this);
        }
    }

    /**
     * A request of another peer was handled.
     *
     * @param accepted false if it was refused
     */
    record RequestServed(InboundRequest request, boolean accepted) implements DhtEvent {
        public RequestServed {
            requireNonNull(request, "request");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.requestServed(this);
        }
    }

    /** Something happened to the transport. */
    record TransportEventReceived(TransportEvent event) implements DhtEvent {
        public TransportEventReceived {
            requireNonNull(event, "event");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.transportEventReceived(this);
        }
    }

    /**
     * The full record store dropped a foreign record for one that is nearer to this peer.
     *
     * @param key the key of the record that is gone
     * @param nearer the key of the one that took its place
     */
    record RecordEvicted(RecordKey key, RecordKey nearer) implements DhtEvent {
        public RecordEvicted {
            requireNonNull(key, "key");
            requireNonNull(nearer, "nearer");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.recordEvicted(this);
        }
    }

    /** What is done again by itself, so that nothing is lost as peers come and go. */
    enum RepublishKind {
        /** An own record was stored anew. */
        RECORD,
        /** A record of another peer was stored anew. */
        REPLICA,
        /** This peer was announced anew as a provider. */
        PROVIDER
    }

    /**
     * Something in the own stores was published again, or could not be.
     *
     * @param stored how many peers took it
     * @param failure why it counts as failed; empty if it does not
     */
    record Republished(RepublishKind what, RecordKey key, int stored, Optional<KadException> failure)
            implements DhtEvent {
        public Republished {
            requireNonNull(what, "what");
            requireNonNull(key, "key");
            requireNonNull(failure, "failure");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.republished(this);
        }
    }
}
