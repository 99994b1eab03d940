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

/** A step of a query, in the order in which the steps were taken. */
public sealed interface QueryEvent {

    /** Returns the query that took the step. */
    QueryId query();

    /** Calls the method of {@code visitor} for this kind of event. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each kind of event. */
    interface Visitor<R> {
        R requestSent(RequestSent event);

        R responseReceived(ResponseReceived event);

        R requestFailed(RequestFailed event);

        R recordFound(RecordFound event);

        R providerFound(ProviderFound event);

        R recordStored(RecordStored event);

        R quorumReached(QuorumReached event);

        R finished(Finished event);
    }

    /**
     * A request was sent.
     *
     * @param distance of the peer to the key
     * @param hop 1 for a peer of the own routing table, one more than the hop of the peer that named it otherwise
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
     * A request was answered.
     *
     * @param closerPeers the peers that the answer named
     * @param elapsed time since it was asked
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
     * A request failed.
     *
     * @param elapsed time since it was asked
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
     * A valid record was found.
     *
     * @param from who holds it; empty for the own store
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
     * A provider was found that this query had not found before.
     *
     * @param from who named it; empty for the own store
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

    /** A peer took the record or the announcement. */
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

    /** As many peers as were required took the record; the query goes on to the rest. */
    record QuorumReached(QueryId query, int quorum) implements QueryEvent {
        public QuorumReached {
            requireNonNull(query, "query");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.quorumReached(this);
        }
    }

    /** The query ended, whatever its outcome; always the last event. */
    record Finished(QueryId query, QueryStats stats) implements QueryEvent {
        public Finished {
            requireNonNull(query, "query");
            requireNonNull(stats, "stats");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.finished(this);
        }
    }
}
