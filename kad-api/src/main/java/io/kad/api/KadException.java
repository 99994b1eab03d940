package io.kad.api;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import io.kad.api.id.Quoting;
import io.kad.api.record.Record;
import io.kad.api.result.PartialResult;
import io.kad.api.spi.transport.TransportFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Failure of a DHT operation. Subclasses carry the partial result.
 *
 * <p>A retry is safe after each failure: a repeated get is harmless, and a repeated put or provide of the same record changes only its expiry.
 * The Javadoc of each subclass states whether a retry can succeed. Instances are immutable; after deserialisation they have the message,
 * but no partial result. {@link #partial} is what the query had found.
 *
 * <p>A cancelled operation fails with {@link java.util.concurrent.CancellationException} instead.
 */
public abstract sealed class KadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private transient Optional<QueryStats> stats;
    private transient PartialResult partial = PartialResult.NONE;
    private transient String details = "";

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

    /**
     * Sets what the query had found when it failed; called once by the implementation before a user gets the failure, as {@link #initCause}
     * is.
     *
     * @return this failure
     * @throws IllegalStateException if it was set before
     */
    @SuppressWarnings("ReferenceEquality")
    public final KadException initPartial(PartialResult result, QueryStats cost) {
        if (partial != PartialResult.NONE) {
            throw new IllegalStateException("the partial result was set before");
        }
        partial = requireNonNull(result, "result");
        stats = Optional.of(cost);
        details = details(result);
        return this;
    }

    private String details(PartialResult result) {
        boolean reachedNone = this instanceof NoPeers
                || (this instanceof QuorumNotReached quorum
                        && quorum.successes().isEmpty());
        String failures = reachedNone ? result.failureSummary() : "";
        String causes = failures.isEmpty() ? "" : ": " + failures;
        boolean tellsLocalCopy = reachedNone
                || this instanceof Superseded
                || (this instanceof QueryTimeout late && late.responded().isEmpty());
        return switch (tellsLocalCopy ? result.localCopy() : PartialResult.LocalCopy.NONE) {
            case NONE -> causes;
            case KEPT -> causes + "; the local copy stays, and is not republished";
            case REPUBLISHED -> causes + "; the local copy stays and will be republished";
        };
    }

    /** Returns the cause in one line, with the causes of failed requests if no peer responded. */
    @Override
    public String getMessage() {
        String message = String.valueOf(super.getMessage());
        return details == null ? message : message + details;
    }

    /** Returns what the query had found when it failed; {@link PartialResult#NONE} if there was no query, or after deserialisation. */
    public final PartialResult partial() {
        return partial == null ? PartialResult.NONE : partial;
    }

    /** Returns the cost of the query until it failed; empty if there was no query, or after deserialisation. */
    @SuppressWarnings("ReferenceEquality")
    public Optional<QueryStats> stats() {
        return stats == null ? Optional.empty() : stats;
    }

    /**
     * Thrown when the routing table is empty, or no queried peer responds. A retry can succeed
     * once the table has peers that respond: add one with {@link Kademlia#addAddress} or {@link KademliaBuilder#bootstrapPeer}.
     */
    public static final class NoPeers extends KadException {
        private static final long serialVersionUID = 1L;
        private final boolean tableEmpty;
        private final int queried;

        private NoPeers(String message, boolean tableEmpty, int queried, QueryStats stats) {
            super(message, stats);
            this.tableEmpty = tableEmpty;
            this.queried = queried;
        }

        /** Returns the failure of a query whose routing table had no peer to start at. */
        public static NoPeers emptyTable(QueryStats stats) {
            return new NoPeers("routing table is empty; add a peer first", true, 0, stats);
        }

        /**
         * Returns the failure of a query to which no peer responded.
         *
         * @param queried number of peers that were queried
         */
        public static NoPeers noResponse(int queried, QueryStats stats) {
            return new NoPeers("no peer responded (" + queried + " queried)", false, queried, stats);
        }

        /**
         * Returns the failure of a query to which no peer responded, as those that are known serve another network.
         *
         * @param local the protocol ID of the local peer
         * @param remote the protocol ID of a remote peer
         * @param queried number of peers that were queried; 0 if the routing table was empty
         */
        public static NoPeers otherProtocol(String local, String remote, int queried, QueryStats stats) {
            String message = "no peer serves protocol " + Quoting.text(local) + ", but one serves "
                    + Quoting.text(remote) + "; set the option protocol (--protocol) to that of the network";
            return new NoPeers(message, queried == 0, queried, stats);
        }

        /** Returns whether the routing table was empty; otherwise no queried peer responded. */
        public boolean isTableEmpty() {
            return tableEmpty;
        }

        /** Returns the number of peers that were queried, none of which responded. */
        public int queried() {
            return queried;
        }
    }

    /**
     * Thrown when no peer that responded returned the record or the peer. A retry can succeed once the record was put, or the peer has
     * joined.
     */
    public static final class NotFound extends KadException {
        private static final long serialVersionUID = 1L;

        private final transient List<PeerId> closestPeers;

        public NotFound(String message, List<PeerId> closestPeers, QueryStats stats) {
            super(message, stats);
            this.closestPeers = List.copyOf(closestPeers);
        }

        /** Returns the closest peers to the key that responded, closest first. */
        public List<PeerId> closestPeers() {
            return closestPeers == null ? List.of() : closestPeers;
        }
    }

    /**
     * Thrown when fewer peers than required stored or returned the record. A retry can succeed: peers that stored the record still have it, and
     * accept it again. If the network has fewer peers, use a smaller {@link io.kad.api.record.Quorum}.
     */
    public static final class QuorumNotReached extends KadException {
        private static final long serialVersionUID = 1L;
        private final int required;
        private final transient List<PeerId> successes;

        public QuorumNotReached(String message, int required, List<PeerId> successes, QueryStats stats) {
            super(message, stats);
            this.required = required;
            this.successes = List.copyOf(successes);
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
     * Thrown when a query does not end within {@link KademliaConfig#QUERY_TIMEOUT}. A retry can succeed, also of a put or provide: some
     * peers may have stored the record already.
     */
    public static final class QueryTimeout extends KadException {
        private static final long serialVersionUID = 1L;
        private final transient List<PeerId> responded;

        public QueryTimeout(String message, List<PeerId> responded, QueryStats stats) {
            super(message, stats);
            this.responded = List.copyOf(responded);
        }

        /** Returns the peers that had responded; after a put or provide, those that had stored the record. */
        public List<PeerId> responded() {
            return responded == null ? List.of() : responded;
        }
    }

    /**
     * Thrown when a validator rejects a record, or when it exceeds a limit of the protocol. A retry with the same record fails again.
     */
    public static final class InvalidRecord extends KadException {
        private static final long serialVersionUID = 1L;

        public InvalidRecord(String message) {
            super(message);
        }
    }

    /**
     * Thrown when a put loses: another record under the key is better, by its validator or because it was published later. The better record
     * replaces the local copy, but not after {@link Kademlia#putRecordTo}, which has none. This peer may not store one that names this peer as its publisher, or whose time of publication is too far
     * ahead of the local clock. Then the local copy is removed if no peer has stored it, or if a validator prefers the record that is ahead;
     * otherwise it stays. It also stays if the local store fails. {@link PartialResult#localCopy} of {@link #partial} tells whether it
     * stays; if the put is finished, or its time passes, while the better record is being stored, whether it was there before. Without a validator a retry is a new publication and can succeed.
     */
    public static final class Superseded extends KadException {
        private static final long serialVersionUID = 1L;
        private final transient Record better;
        private final transient Optional<PeerId> holder;
        private final transient List<PeerId> storedBy;

        private Superseded(
                String message, Record better, Optional<PeerId> holder, List<PeerId> storedBy, QueryStats stats) {
            super(message, stats);
            this.better = better;
            this.holder = holder;
            this.storedBy = List.copyOf(storedBy);
        }

        /**
         * Returns the failure of a put.
         *
         * @param better the record that won
         * @param holder the peer that has it; empty for the local store
         * @param storedBy the peers that stored the record that lost
         * @param ahead by how much the time of publication of the record that won is ahead of the local clock, if that is too far
         */
        public static Superseded by(
                Record better,
                Optional<PeerId> holder,
                List<PeerId> storedBy,
                Optional<Duration> ahead,
                QueryStats stats) {
            String where = holder.map(peer -> "peer " + peer).orElse("the local store");
            String clock = ahead.map(time -> ", whose time of publication is " + time.toMinutes()
                            + " min ahead of the local clock: set the clock, if it is late")
                    .orElse("");
            return new Superseded(
                    "superseded: " + where + " has a better record under this key" + clock,
                    better,
                    holder,
                    storedBy,
                    stats);
        }

        /** Returns the record that won; empty after deserialisation. */
        public Optional<Record> better() {
            return Optional.ofNullable(better);
        }

        /** Returns the peer that has the better record; empty for the local store. */
        public Optional<PeerId> holder() {
            return holder == null ? Optional.empty() : holder;
        }

        /** Returns the peers that stored the record that lost. */
        public List<PeerId> storedBy() {
            return storedBy == null ? List.of() : storedBy;
        }
    }

    /** Thrown when an argument is invalid, or the operation is disabled by the configuration. A retry with the same arguments fails again. */
    public static final class InvalidRequest extends KadException {
        private static final long serialVersionUID = 1L;

        public InvalidRequest(String message) {
            super(message);
        }
    }

    /**
     * Thrown when the local store refuses a write or fails. The store has either the old content or the new. A retry can succeed once the
     * cause, such as a full disk, is removed.
     */
    public static final class StoreFailed extends KadException {
        private static final long serialVersionUID = 1L;

        public StoreFailed(String message, Throwable cause) {
            super(message, Optional.empty(), cause);
        }
    }

    /**
     * Thrown when an operation with one peer fails, or when the transport cannot listen on an address. {@link TransportFailure.Kind} states
     * for each kind of {@link #failure} whether a retry can succeed.
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

    /**
     * Thrown when a limit of the local peer is reached: of concurrent queries, of waiting commands, or of requests that can be sent. No other
     * peer has received anything of the operation; a put or provide may have written its {@linkplain #partial local copy}. A later retry can
     * succeed.
     */
    public static final class Overloaded extends KadException {
        private static final long serialVersionUID = 1L;

        public Overloaded(String message) {
            super(message);
        }
    }

    /** Thrown when the local peer is closed. A retry at this peer fails again. A put in progress may have been stored at some peers. */
    public static final class Closed extends KadException {
        private static final long serialVersionUID = 1L;

        public Closed(String message) {
            super(message);
        }
    }

    /**
     * Thrown when the peer fails to process an operation, which is a defect of the peer; the cause is what it threw. The peer goes on with
     * other operations. A retry can succeed.
     */
    public static final class InternalFailure extends KadException {
        private static final long serialVersionUID = 1L;

        public InternalFailure(String message, Throwable cause) {
            super(message, Optional.empty(), cause);
        }

        public InternalFailure(String message, QueryStats stats, Throwable cause) {
            super(message, Optional.of(stats), cause);
        }
    }
}
