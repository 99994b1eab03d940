package io.kad.api;

import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportFailure;
import java.util.List;
import java.util.Optional;

/**
 * Why an operation of the DHT failed, with what it had reached by then.
 *
 * <p>Cancelling is no such failure: it shows as {@link java.util.concurrent.CancellationException}.
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

    /** Returns what the query had cost when it failed; empty if there was no query, or after deserialisation. */
    @SuppressWarnings("ReferenceEquality")
    public Optional<QueryStats> stats() {
        return stats == null ? Optional.empty() : stats;
    }

    /** No peer is known that could be asked. */
    public static final class NoPeers extends KadException {
        private static final long serialVersionUID = 1L;

        public NoPeers(String message) {
            super(message);
        }
    }

    /** The network has no such record or peer. */
    public static final class NotFound extends KadException {
        private static final long serialVersionUID = 1L;

        private final transient List<PeerId> reached;

        public NotFound(String message, List<PeerId> reached, QueryStats stats) {
            super(message, stats);
            this.reached = List.copyOf(reached);
        }

        /** Returns the peers nearest to what was looked for that answered, nearest first. */
        public List<PeerId> reached() {
            return reached == null ? List.of() : reached;
        }
    }

    /** Fewer peers than required took the record, or returned it. */
    public static final class QuorumNotReached extends KadException {
        private static final long serialVersionUID = 1L;
        private final int required;
        private final transient List<PeerId> reached;

        public QuorumNotReached(String message, int required, List<PeerId> reached, QueryStats stats) {
            super(message, stats);
            this.required = required;
            this.reached = List.copyOf(reached);
        }

        /** Returns how many peers were required. */
        public int required() {
            return required;
        }

        /** Returns the peers that did take the record, or returned it. */
        public List<PeerId> reached() {
            return reached == null ? List.of() : reached;
        }
    }

    /** The query did not end within its time. */
    public static final class QueryTimeout extends KadException {
        private static final long serialVersionUID = 1L;
        private final transient List<PeerId> reached;

        public QueryTimeout(String message, List<PeerId> reached, QueryStats stats) {
            super(message, stats);
            this.reached = List.copyOf(reached);
        }

        /** Returns the peers that had answered, or for a query that stores, those that had taken the record. */
        public List<PeerId> reached() {
            return reached == null ? List.of() : reached;
        }
    }

    /** A record breaks the rules of its namespace, or a limit of the protocol. */
    public static final class InvalidRecord extends KadException {
        private static final long serialVersionUID = 1L;

        public InvalidRecord(String message) {
            super(message);
        }
    }

    /** An argument can't be used, or what it needs is not set up. */
    public static final class InvalidRequest extends KadException {
        private static final long serialVersionUID = 1L;

        public InvalidRequest(String message) {
            super(message);
        }
    }

    /** The own store refused or failed. */
    public static final class StoreFailed extends KadException {
        private static final long serialVersionUID = 1L;

        public StoreFailed(String message, Throwable cause) {
            super(message, Optional.empty(), cause);
        }
    }

    /** A single peer, or an address to listen at, could not be used. */
    public static final class TransportFailed extends KadException {
        private static final long serialVersionUID = 1L;
        private final transient TransportFailure failure;

        public TransportFailed(TransportFailure failure) {
            super(failure.message());
            this.failure = failure;
        }

        /** Returns what the transport said. */
        public TransportFailure failure() {
            return failure == null
                    ? new TransportFailure(TransportFailure.Kind.CLOSED, String.valueOf(getMessage()))
                    : failure;
        }
    }

    /** A limit on what runs at once is reached; trying later may succeed. */
    public static final class Overloaded extends KadException {
        private static final long serialVersionUID = 1L;

        public Overloaded(String message) {
            super(message);
        }
    }

    /** The peer was closed. */
    public static final class Closed extends KadException {
        private static final long serialVersionUID = 1L;

        public Closed(String message) {
            super(message);
        }
    }
}
