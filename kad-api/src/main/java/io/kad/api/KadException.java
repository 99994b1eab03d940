package io.kad.api;

import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportFailure;
import java.util.List;
import java.util.Optional;

/**
 * Failure of a DHT operation. Subclasses carry the partial result.
 *
 * <p>Every operation may be repeated without harm: a read changes nothing, and to store or announce the same again changes nothing but
 * its expiry. Each subclass says whether a retry can help.
 *
 * <p>A cancelled operation fails with {@link java.util.concurrent.CancellationException} instead.
 */
public abstract sealed class KadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Optional<QueryStats> stats;

    private KadException(String message, Optional<QueryStats> stats, Throwable cause) {
        super(message, cause);
        this.stats = stats;
    }

    private KadException(String message, QueryStats stats) {
        super(message);
        this.stats = Optional.of(stats);
    }

    private KadException(String message) {
        super(message);
        this.stats = Optional.empty();
    }

    /** Returns the cost of the query until it failed; empty if there was no query, or after deserialisation. */
    @SuppressWarnings("ReferenceEquality")
    public Optional<QueryStats> stats() {
        return stats == null ? Optional.empty() : stats;
    }

    /**
     * Thrown when the routing table is empty, or no queried peer responds. A retry is safe, and helps once the table has peers that respond.
     */
    public static final class NoPeers extends KadException {
        private static final long serialVersionUID = 1L;

        public NoPeers(String message) {
            super(message);
        }
    }

    /**
     * Thrown when no peer that responded has the record or knows the peer. A retry is safe; it helps if the record was published, or the
     * peer joined, in the meantime.
     */
    public static final class NotFound extends KadException {
        private static final long serialVersionUID = 1L;

        private final transient List<PeerId> closestPeers;

        public NotFound(String message, List<PeerId> reached, QueryStats stats) {
            super(message, stats);
            this.closestPeers = List.copyOf(reached);
        }

        /** Returns the closest peers to the key that responded, closest first. */
        public List<PeerId> closestPeers() {
            return closestPeers == null ? List.of() : closestPeers;
        }
    }

    /**
     * Thrown when fewer peers than required stored or returned the record. A retry is safe: peers that stored the record still have it, and
     * accept it again.
     */
    public static final class QuorumNotReached extends KadException {
        private static final long serialVersionUID = 1L;
        private final int required;
        private final transient List<PeerId> successes;

        public QuorumNotReached(String message, int required, List<PeerId> reached, QueryStats stats) {
            super(message, stats);
            this.required = required;
            this.successes = List.copyOf(reached);
        }

        /** Returns the number of peers that were required. */
        public int required() {
            return required;
        }

        /** Returns the peers that stored or returned the record. */
        public List<PeerId> successes() {
            return successes == null ? List.of() : successes;
        }
    }

    /**
     * Thrown when a query does not end within {@link KademliaConfig#QUERY_TIMEOUT}. A retry is safe, also after a query that stores: some
     * peers may have stored the record already.
     */
    public static final class QueryTimeout extends KadException {
        private static final long serialVersionUID = 1L;
        private final transient List<PeerId> responded;

        public QueryTimeout(String message, List<PeerId> reached, QueryStats stats) {
            super(message, stats);
            this.responded = List.copyOf(reached);
        }

        /** Returns the peers that had responded; of a query that stores, those that had stored the record. */
        public List<PeerId> responded() {
            return responded == null ? List.of() : responded;
        }
    }

    /**
     * Thrown when a record breaks a rule of its namespace or a limit of the protocol, or when a better one is stored under its key. A retry
     * with the same record fails again.
     */
    public static final class InvalidRecord extends KadException {
        private static final long serialVersionUID = 1L;

        public InvalidRecord(String message) {
            super(message);
        }
    }

    /** Thrown when an argument is invalid, or the configuration does not allow the operation. A retry fails again until that is changed. */
    public static final class InvalidRequest extends KadException {
        private static final long serialVersionUID = 1L;

        public InvalidRequest(String message) {
            super(message);
        }
    }

    /**
     * Thrown when the local store refuses a write or fails. A retry is safe: the store has either the old content or the new. It helps once
     * the cause is gone, such as a full disk.
     */
    public static final class StoreFailed extends KadException {
        private static final long serialVersionUID = 1L;

        public StoreFailed(String message, Throwable cause) {
            super(message, Optional.empty(), cause);
        }
    }

    /**
     * Thrown when one peer can't be reached or refuses, or when an address can't be listened on. A retry is safe; {@link #failure} tells
     * whether it can help: it does not after a wrong peer ID, a bad address or an unsupported protocol.
     */
    public static final class TransportFailed extends KadException {
        private static final long serialVersionUID = 1L;
        private final transient TransportFailure failure;

        public TransportFailed(TransportFailure failure) {
            super(failure.message());
            this.failure = failure;
        }

        /** Returns the failure that the transport reported. */
        public TransportFailure failure() {
            return failure == null
                    ? new TransportFailure(TransportFailure.Kind.CLOSED, String.valueOf(getMessage()))
                    : failure;
        }
    }

    /** Thrown when a limit on concurrent operations is reached. Nothing was done; a retry is safe, and helps later. */
    public static final class Overloaded extends KadException {
        private static final long serialVersionUID = 1L;

        public Overloaded(String message) {
            super(message);
        }
    }

    /** Thrown when the peer is closed. A retry on this peer fails again; a write in progress may have reached some peers. */
    public static final class Closed extends KadException {
        private static final long serialVersionUID = 1L;

        public Closed(String message) {
            super(message);
        }
    }
}
