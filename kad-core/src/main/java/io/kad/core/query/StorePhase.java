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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Phase of a query that sends one message to peers and counts those that store it. Confined to one thread at a time. */
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

    /** Returns the peers that reset the stream, as a peer does that has a better record. */
    List<Target> refused() {
        return List.copyOf(refused);
    }

    /** Returns whether it is to be read why peers have refused it: the query fails, or a user reads its result. */
    boolean needsReason() {
        return !refused.isEmpty() && !(hasQuorum() && state.isBackground());
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

    /** Ends the query: completes it if the quorum was reached, and fails it otherwise. */
    void endQuery() {
        endQuery(Optional.empty());
    }

    /** Ends the query as the other method does; {@code better} is the record for which peers have refused it. */
    void endQuery(Optional<Record> better) {
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
}
