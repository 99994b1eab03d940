package io.kad.api.event;

import static java.util.Objects.requireNonNull;

import io.kad.api.KadException;
import io.kad.api.Mode;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.TransportEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Event of a peer: a change of its routing table, mode or stores, a served request, or an event of its transport. Immutable.
 *
 * <p>Subscribers of {@link io.kad.api.Kademlia#events} receive events in order, on the callback executor of the peer. Events are dropped for a
 * slow subscriber, so state must be read from the peer, such as {@link io.kad.api.Kademlia#routingTable}, and not summed up from events.
 */
public sealed interface DhtEvent {

    /** Calls the method of {@code visitor} for this kind of event. */
    <R> R accept(Visitor<R> visitor);

    /**
     * Visitor with one method for each kind of event.
     *
     * @param <R> type of the result
     */
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

        R correctionSkipped(CorrectionSkipped event);

        R recordSuperseded(RecordSuperseded event);

        R republishDelayed(RepublishDelayed event);

        R duplicateIdentity(DuplicateIdentity event);

        R protocolMismatch(ProtocolMismatch event);

        R requestTaken(RequestTaken event);

        R takenStored(TakenStored event);

        R quotaExceeded(QuotaExceeded event);
    }

    /**
     * Emitted when a peer was inserted into the routing table, or the table got another address of it.
     *
     * @param added true if the peer was inserted, false if only its addresses changed
     * @param addresses addresses of the peer in the table
     * @param bucket index of its bucket: the binary logarithm of its distance, 0 to 255
     * @param evicted the peer that was evicted for it; empty if the bucket had room
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

    /**
     * Emitted when a peer was removed from the routing table by the user, or because it is no longer a server. An eviction is part of {@link
     * RoutingUpdated} instead.
     */
    record PeerRemoved(PeerId peer) implements DhtEvent {
        public PeerRemoved {
            requireNonNull(peer, "peer");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.peerRemoved(this);
        }
    }

    /** Emitted when a server is connected without an address at which it could be dialled; it is not inserted. */
    record UnroutablePeer(PeerId peer) implements DhtEvent {
        public UnroutablePeer {
            requireNonNull(peer, "peer");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.unroutablePeer(this);
        }
    }

    /**
     * Emitted when a server is connected and could be dialled, but was not inserted: its bucket is full, or {@link
     * io.kad.api.BucketInserts#MANUAL} is
     * set.
     *
     * @param addresses addresses at which it can be dialled
     */
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

    /** Emitted when a peer became the pending peer of its full bucket. */
    record PendingPeer(PeerId peer) implements DhtEvent {
        public PendingPeer {
            requireNonNull(peer, "peer");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.pendingPeer(this);
        }
    }

    /** Emitted when the local peer became a server or a client; never with {@link Mode#AUTO}. */
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
     * Emitted when an inbound request was handled. The numbers are those before the transport trims the response to {@link
     * io.kad.api.KademliaConfig#MAX_SENT_MESSAGE_BYTES}, which may leave out the farthest peers.
     *
     * @param accepted false if the request was refused
     * @param closerPeers number of closer peers in the response; 0 if there was none
     * @param providers number of providers in the response to GET_PROVIDERS; otherwise 0
     * @param recordFound whether the response to GET_VALUE had a record
     */
    record RequestServed(InboundRequest request, boolean accepted, int closerPeers, int providers, boolean recordFound)
            implements DhtEvent {
        /** Creates the event of a request that had no response with content. */
        public RequestServed(InboundRequest request, boolean accepted) {
            this(request, accepted, 0, 0, false);
        }

        public RequestServed {
            requireNonNull(request, "request");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.requestServed(this);
        }
    }

    /** Emitted for each event of the transport. */
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
     * Emitted when the full record store evicted a received record in favour of one whose key is closer to the local peer, or which
     * is much smaller.
     *
     * @param key key of the evicted record
     * @param closer key of the record that was stored instead
     */
    record RecordEvicted(RecordKey key, RecordKey closer) implements DhtEvent {
        public RecordEvicted {
            requireNonNull(key, "key");
            requireNonNull(closer, "closer");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.recordEvicted(this);
        }
    }

    /**
     * Emitted when a record correction after a get was not started, as too many of them run.
     *
     * @param key key of the record
     * @param total number of record corrections that were skipped so far
     */
    record CorrectionSkipped(RecordKey key, long total) implements DhtEvent {
        public CorrectionSkipped {
            requireNonNull(key, "key");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.correctionSkipped(this);
        }
    }

    /**
     * Emitted when a better record of another peer has replaced one of the local peer, which is no longer republished.
     *
     * @param lost the record of the local peer
     * @param better the record that is stored now
     * @param from the peer that sent it
     */
    record RecordSuperseded(Record lost, Record better, PeerId from) implements DhtEvent {
        public RecordSuperseded {
            requireNonNull(lost, "lost");
            requireNonNull(better, "better");
            requireNonNull(from, "from");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.recordSuperseded(this);
        }
    }

    /**
     * Emitted when the local store failed while entries were read to be stored again. No entry is skipped: the read is retried.
     *
     * @param what kind of the background work
     * @param retryAfter time until the retry
     * @param cause failure of the store, in one line for people
     */
    record RepublishDelayed(RepublishKind what, Duration retryAfter, String cause) implements DhtEvent {
        public RepublishDelayed {
            requireNonNull(what, "what");
            requireNonNull(retryAfter, "retryAfter");
            requireNonNull(cause, "cause");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.republishDelayed(this);
        }
    }

    /** Kind of the background work that stores records and provider records again as peers join and leave. */
    enum RepublishKind {
        /** A locally published record was republished. */
        RECORD,
        /** A received record was replicated. */
        REPLICA,
        /** A provider record of the local peer was reprovided. */
        PROVIDER
    }

    /**
     * Emitted when a record or provider record was stored again by background work, or when that failed. The next interval retries it.
     *
     * @param what kind of the background work
     * @param key key of the record
     * @param stored number of peers that stored it
     * @param failure the cause if it failed; empty if it succeeded
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

    /**
     * Emitted when another running peer has the identity of the local one, once for each address of it. Other peers reach either of them: each
     * needs a key of its own.
     *
     * @param peer the peer ID of both
     * @param address an address of the other one
     */
    record DuplicateIdentity(PeerId peer, Multiaddr address) implements DhtEvent {
        public DuplicateIdentity {
            requireNonNull(peer, "peer");
            requireNonNull(address, "address");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.duplicateIdentity(this);
        }
    }

    /**
     * Emitted when a connected peer serves the Kademlia protocol of another network instead of the local one, once for each such protocol, up to
     * eight. If no peer serves the local one, the option {@code protocol} is wrong, here or there.
     *
     * @param peer the remote peer
     * @param local the protocol ID of the local peer
     * @param remote the protocol ID that the remote peer listed; any text
     */
    record ProtocolMismatch(PeerId peer, String local, String remote) implements DhtEvent {
        public ProtocolMismatch {
            requireNonNull(peer, "peer");
            requireNonNull(local, "local");
            requireNonNull(remote, "remote");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.protocolMismatch(this);
        }
    }

    /**
     * Emitted when the store filter has taken an entry: its sender was told that it is stored, and {@link io.kad.api.Kademlia#storeTaken} may
     * store it. {@link RequestServed} follows.
     */
    record RequestTaken(InboundRequest request) implements DhtEvent {
        public RequestTaken {
            requireNonNull(request, "request");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.requestTaken(this);
        }
    }

    /**
     * Emitted when {@link io.kad.api.Kademlia#storeTaken} has ended.
     *
     * @param stored false if the entry was refused, as an inbound one would be
     */
    record TakenStored(InboundRequest request, boolean stored) implements DhtEvent {
        public TakenStored {
            requireNonNull(request, "request");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.takenStored(this);
        }
    }

    /**
     * Emitted when an entry was refused because the address range of its sender, or its sender, has reached its quota of entries or of their
     * bytes: {@link io.kad.api.KademliaConfig#MAX_ENTRIES_PER_HOST}, {@link io.kad.api.KademliaConfig#MAX_ENTRIES_PER_NETWORK}, {@link
     * io.kad.api.KademliaConfig#MAX_ENTRY_BYTES_PER_HOST} or {@link io.kad.api.KademliaConfig#MAX_ENTRY_BYTES_PER_NETWORK}. A sender gets a
     * part of what its host does.
     *
     * @param from the sender
     * @param key key of the record or provider record
     * @param range the range, such as {@code 203.0.113.0/24}
     * @param option the name of the option that sets the quota
     * @param total number of such refusals so far, by any option
     */
    record QuotaExceeded(PeerId from, RecordKey key, String range, String option, long total) implements DhtEvent {
        public QuotaExceeded {
            requireNonNull(from, "from");
            requireNonNull(key, "key");
            requireNonNull(range, "range");
            requireNonNull(option, "option");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.quotaExceeded(this);
        }
    }
}
