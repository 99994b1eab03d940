package io.kad.api.event;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.id.Distance;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.TransportFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Event of a query: a request, a response, a record or provider found, or its end. Immutable.
 *
 * <p>Subscribers of {@link io.kad.api.Query#events} receive the events of one query in order, on the callback executor of the peer. {@link
 * Ended} is always the last event, and is never dropped; of the others, progress is dropped before records and providers if a subscriber is slow.
 */
public sealed interface QueryEvent {

    /** Returns the ID of the query. */
    QueryId query();

    /** Calls the method of {@code visitor} for this kind of event. */
    <R> R accept(Visitor<R> visitor);

    /**
     * Visitor with one method for each kind of event.
     *
     * @param <R> type of the result
     */
    interface Visitor<R> {
        R requestSent(RequestSent event);

        R responseReceived(ResponseReceived event);

        R requestFailed(RequestFailed event);

        R recordFound(RecordFound event);

        R providerFound(ProviderFound event);

        R recordStored(RecordStored event);

        R converged(Converged event);

        R quorumReached(QuorumReached event);

        R bucketRefreshed(BucketRefreshed event);

        R ended(Ended event);
    }

    /**
     * Emitted when a request was sent, or has to wait for others of the local peer.
     *
     * @param peer the remote peer
     * @param distance XOR distance from the peer to the target of the query
     * @param hop number of requests that led to the peer: 1 for a peer of the routing table, otherwise one more than the hop of the peer that
     *     returned it
     */
    record RequestSent(QueryId query, PeerId peer, Distance distance, int hop) implements QueryEvent {
        public RequestSent {
            requireNonNull(query, "query");
            requireNonNull(peer, "peer");
            requireNonNull(distance, "distance");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.requestSent(this);
        }
    }

    /**
     * Emitted when a response was received.
     *
     * @param peer the remote peer
     * @param closerPeers the closer peers in the response; may be empty
     * @param elapsed time since the request was sent
     */
    record ResponseReceived(QueryId query, PeerId peer, List<PeerId> closerPeers, Duration elapsed)
            implements QueryEvent {
        public ResponseReceived {
            requireNonNull(query, "query");
            requireNonNull(peer, "peer");
            closerPeers = List.copyOf(closerPeers);
            requireNonNull(elapsed, "elapsed");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.responseReceived(this);
        }
    }

    /**
     * Emitted when a request failed or timed out. The query goes on with other peers.
     *
     * @param peer the remote peer
     * @param failure the cause
     * @param elapsed time since the request was sent
     */
    record RequestFailed(QueryId query, PeerId peer, TransportFailure failure, Duration elapsed) implements QueryEvent {
        public RequestFailed {
            requireNonNull(query, "query");
            requireNonNull(peer, "peer");
            requireNonNull(failure, "failure");
            requireNonNull(elapsed, "elapsed");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.requestFailed(this);
        }
    }

    /**
     * Emitted when a valid record was found; the best record is known only at the end.
     *
     * @param from the peer that returned the record; empty for the local store
     * @param record the record, which need not be the best one
     */
    record RecordFound(QueryId query, Optional<PeerId> from, Record record) implements QueryEvent {
        public RecordFound {
            requireNonNull(query, "query");
            requireNonNull(from, "from");
            requireNonNull(record, "record");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.recordFound(this);
        }
    }

    /**
     * Emitted when a provider was found that this query had not found before.
     *
     * @param from the peer that returned the provider; empty for the local store
     * @param provider the provider, with its addresses
     */
    record ProviderFound(QueryId query, Optional<PeerId> from, PeerInfo provider) implements QueryEvent {
        public ProviderFound {
            requireNonNull(query, "query");
            requireNonNull(from, "from");
            requireNonNull(provider, "provider");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.providerFound(this);
        }
    }

    /** Emitted when a peer stored the record or provider record. */
    record RecordStored(QueryId query, PeerId peer) implements QueryEvent {
        public RecordStored {
            requireNonNull(query, "query");
            requireNonNull(peer, "peer");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.recordStored(this);
        }
    }

    /**
     * Emitted when a lookup of the query has converged: a read ends if it has found what it needs, and a put starts to store at the peers
     * found so far. Other queries wait for late peers that are closer. A bootstrap emits one per lookup.
     *
     * @param closest the peers that responded among the closest ones, closest first
     */
    record Converged(QueryId query, List<PeerId> closest) implements QueryEvent {
        public Converged {
            requireNonNull(query, "query");
            closest = List.copyOf(closest);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.converged(this);
        }
    }

    /**
     * Emitted when the quorum was reached. The query still stores at the remaining peers.
     *
     * @param quorum number of peers that were required
     */
    record QuorumReached(QueryId query, int quorum) implements QueryEvent {
        public QuorumReached {
            requireNonNull(query, "query");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.quorumReached(this);
        }
    }

    /**
     * Emitted when a bootstrap has completed one of its lookups.
     *
     * @param bucket index of the refreshed bucket: the binary logarithm of its distances, 0 to 255; empty for the lookup of the local key
     * @param responded number of peers that responded among the closest ones; 0 if the lookup failed
     * @param remaining number of buckets that are still to be refreshed
     */
    record BucketRefreshed(QueryId query, OptionalInt bucket, int responded, int remaining) implements QueryEvent {
        public BucketRefreshed {
            requireNonNull(query, "query");
            requireNonNull(bucket, "bucket");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.bucketRefreshed(this);
        }
    }

    /**
     * Emitted when the query ended: with a result, with a failure, or cancelled. Always the last event.
     *
     * @param stats cost of the query
     */
    record Ended(QueryId query, QueryStats stats) implements QueryEvent {
        public Ended {
            requireNonNull(query, "query");
            requireNonNull(stats, "stats");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.ended(this);
        }
    }
}
