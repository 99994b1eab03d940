package io.kad.core.query;

import static java.util.Objects.requireNonNull;

import io.kad.api.KadException;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.result.PutResult;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.record.FoundRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Phase of a query that sends one message to peers and counts those that store it. At its end it reads why peers have refused a record, and ends
 * the query. Confined to one thread at a time.
 */
final class StorePhase implements RequestListener {

    /** Message of a failure because no peer responded. */
    static final String NO_RESPONSE = "no peer responded";

    private final QueryState state;
    private final QueryContext context;
    private final RecordKey key;
    private final KadRequest message;
    private final int parallelism;
    private final Map<PeerId, Target> targets = new LinkedHashMap<>();
    private final List<Target> unsent = new ArrayList<>();
    private final List<PeerId> stored = new ArrayList<>();
    private final List<Target> refused = new ArrayList<>();

    private @Nullable Count count;
    private @Nullable BetterRecordPhase betterRecordPhase;
    private int inFlight;
    private int tooLarge;

    /**
     * Peer to store at.
     *
     * @param hop the number of requests that lead to the peer
     */
    record Target(PeerInfo peer, int hop) {}

    /** Peers that count towards the quorum, and how many of them are required. */
    private record Count(Set<PeerId> peers, int required) {}

    /**
     * Creates a phase without targets.
     *
     * @param parallelism slots for requests
     */
    StorePhase(QueryState state, QueryContext context, RecordKey key, KadRequest message, int parallelism) {
        this.state = state;
        this.context = context;
        this.key = key;
        this.message = message;
        this.parallelism = parallelism;
    }

    /** Adds a peer to store at, unless it was added before. */
    void add(Target target) {
        if (targets.putIfAbsent(target.peer().id(), target) == null) {
            unsent.add(target);
        }
    }

    /**
     * Sets the peers that count towards the quorum, which are known only once no closer peer can be found.
     *
     * @param required the number of them that must store it; at least 1
     */
    void count(Collection<PeerId> peers, int required) {
        if (count == null) {
            count = new Count(new HashSet<>(peers), Math.max(1, required));
            if (hasQuorum()) {
                emitQuorumReached();
            }
        }
    }

    /** Sends the message to further peers while slots are free. */
    void proceed() {
        while (!unsent.isEmpty() && inFlight < parallelism) {
            Target target = unsent.remove(0);
            inFlight++;
            state.sendRequest(key.kadKey(), target.peer(), message, target.hop(), this);
        }
    }

    /** Returns whether every peer that was added has stored it or has failed. */
    boolean isIdle() {
        return unsent.isEmpty() && inFlight == 0;
    }

    @Override
    public void onResponse(PeerId peer, KadResponse response, List<PeerInfo> closerPeers) {
        addStored(peer);
    }

    @Override
    public void onAccepted(PeerId peer) {
        addStored(peer);
    }

    private void addStored(PeerId peer) {
        inFlight--;
        boolean hadQuorum = hasQuorum();
        stored.add(peer);
        state.emit(new QueryEvent.RecordStored(state.id(), peer));
        if (!hadQuorum && hasQuorum()) {
            emitQuorumReached();
        }
    }

    private void emitQuorumReached() {
        state.emit(new QueryEvent.QuorumReached(state.id(), required()));
    }

    @Override
    public void onFailure(PeerId peer, TransportFailure failure) {
        inFlight--;
        if (failure.kind() == TransportFailure.Kind.TOO_LARGE) {
            tooLarge++;
        } else if (failure.kind() == TransportFailure.Kind.RESET) {
            refused.add(requireNonNull(targets.get(peer)));
        }
    }

    /** Returns whether any peer has stored it, also one that does not count. */
    boolean hasBeenStored() {
        return !stored.isEmpty();
    }

    /** Returns the peers that stored it and count, closest first; all that stored it while it is not set who counts. */
    List<PeerId> storedBy() {
        return stored(this::isCounted);
    }

    private List<PeerId> stored(Predicate<PeerId> filter) {
        return stored.stream().filter(filter).sorted(this::compareDistance).toList();
    }

    private int compareDistance(PeerId left, PeerId right) {
        return key.kadKey().compareDistance(left.kadKey(), right.kadKey());
    }

    private List<PeerId> refusedBy() {
        return refused.stream()
                .map(target -> target.peer().id())
                .sorted(this::compareDistance)
                .toList();
    }

    private boolean isCounted(PeerId peer) {
        return count == null || count.peers().contains(peer);
    }

    private int required() {
        return count == null ? Integer.MAX_VALUE : count.required();
    }

    boolean hasQuorum() {
        return count != null && stored.stream().filter(this::isCounted).count() >= count.required();
    }

    /**
     * Ends the query, after it has read why peers have refused the record, if they have. Called while the phase is idle, until the query has
     * ended.
     *
     * @param better returns the record if it is the reason of a refusal; empty otherwise
     * @param endSuperseded ends the query if there is a better record; {@link #endSuperseded} or what does that later
     */
    void proceedToEnd(Function<FoundRecord, Optional<FoundRecord>> better, Consumer<FoundRecord> endSuperseded) {
        BetterRecordPhase reads = betterRecordPhase;
        if (reads == null) {
            reads = new BetterRecordPhase(state, key, needsReason() ? refused : List.of(), better);
            betterRecordPhase = reads;
        }
        reads.proceed();
        if (reads.isFinished()) {
            reads.found().ifPresentOrElse(endSuperseded, this::endQuery);
        }
    }

    /** Returns whether it is to be read why peers have refused a record, as one does that has a better one: the query fails, or a user reads its result. */
    private boolean needsReason() {
        return message instanceof KadRequest.PutValue && !(hasQuorum() && state.isBackground());
    }

    /** Ends the query with the better record for which peers have refused this one: a put that has reached its quorum succeeds nonetheless. */
    void endSuperseded(FoundRecord better) {
        if (hasQuorum()) {
            endQuery(Optional.of(better.record()));
        } else {
            List<PeerId> storedBy = storedBy();
            state.fail(stats -> context.superseded(better, storedBy, stats));
        }
    }

    /** Ends the query: completes it if the quorum was reached, and fails it otherwise. */
    void endQuery() {
        endQuery(Optional.empty());
    }

    private void endQuery(Optional<Record> better) {
        List<PeerId> storedBy = storedBy();
        if (hasQuorum()) {
            state.complete(stats -> new PutResult(
                    key, storedBy, stored(peer -> !isCounted(peer)), refusedBy(), better, required(), stats));
        } else if (tooLarge > 0 && tooLarge == targets.size()) {
            state.fail(stats -> context.recordTooLarge());
        } else {
            int counted = count == null ? targets.size() : count.peers().size();
            state.fail(stats -> new KadException.QuorumNotReached(
                    counted == 0
                            ? NO_RESPONSE
                            : "quorum not reached: stored at " + storedBy.size() + " of " + counted
                                    + " peers, required " + required(),
                    required(),
                    storedBy,
                    stats));
        }
    }

    /** Reads the key at peers that have refused the record, one after the other, until one returns a better record. */
    private static final class BetterRecordPhase implements RequestListener {

        /** Limit of the peers that are read; peers may reset a stream for other reasons too. Default: 3 (kad's choice). */
        static final int MAX_READS = 3;

        private final QueryState state;
        private final RecordKey key;
        private final Function<FoundRecord, Optional<FoundRecord>> better;
        private final Deque<Target> unread;

        private Optional<FoundRecord> found = Optional.empty();
        private boolean reading;

        /**
         * Creates a phase that has read no peer.
         *
         * @param better returns the record if it is the reason of a refusal; empty otherwise
         */
        BetterRecordPhase(
                QueryState state,
                RecordKey key,
                List<Target> refused,
                Function<FoundRecord, Optional<FoundRecord>> better) {
            this.state = state;
            this.key = key;
            this.better = better;
            this.unread = new ArrayDeque<>(refused.stream()
                    .sorted((left, right) -> key.kadKey()
                            .compareDistance(
                                    left.peer().id().kadKey(), right.peer().id().kadKey()))
                    .limit(MAX_READS)
                    .toList());
        }

        /** Reads the next peer, unless a read is in progress. */
        void proceed() {
            if (!reading && !isFinished()) {
                Target target = unread.remove();
                reading = true;
                state.sendRequest(key.kadKey(), target.peer(), new KadRequest.GetValue(key), target.hop(), this);
            }
        }

        /** Returns whether a better record was found, or no peer is left to read. */
        boolean isFinished() {
            return found.isPresent() || (!reading && unread.isEmpty());
        }

        /** Returns the better record; empty if none was found. */
        Optional<FoundRecord> found() {
            return found;
        }

        @Override
        public void onResponse(PeerId peer, KadResponse response, List<PeerInfo> closerPeers) {
            reading = false;
            if (response instanceof KadResponse.GetValue value) {
                found = value.record().flatMap(record -> better.apply(new FoundRecord(record, Optional.of(peer))));
            }
        }

        @Override
        public void onFailure(PeerId peer, TransportFailure failure) {
            reading = false;
        }
    }
}
