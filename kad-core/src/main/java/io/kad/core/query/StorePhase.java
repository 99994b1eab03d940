package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.PutResult;
import io.kad.api.spi.transport.TransportFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The part of a query that brings one message to a fixed set of peers and counts who took it. */
final class StorePhase implements RequestListener {

    private final QueryState state;
    private final RecordKey key;
    private final KadRequest message;
    private final int required;
    private final int parallel;
    private final List<Target> targets;
    private final List<PeerId> stored = new ArrayList<>();

    private int asked;
    private int failed;
    private int tooLarge;

    /**
     * A peer to store at.
     *
     * @param hop how many requests lead to it
     */
    record Target(PeerInfo peer, int hop) {}

    /**
     * Prepares to store.
     *
     * @param required how many peers must take it; one at least
     * @param parallel how many are asked at once
     */
    StorePhase(QueryState state, RecordKey key, KadRequest message, int required, int parallel, List<Target> targets) {
        this.state = state;
        this.key = key;
        this.message = message;
        this.required = Math.max(1, required);
        this.parallel = parallel;
        this.targets = targets;
    }

    /** Asks as many as may be asked now. */
    void proceed() {
        while (asked < targets.size() && asked - stored.size() - failed < parallel) {
            Target target = targets.get(asked++);
            state.sendRequest(key.kadKey(), target.peer(), message, target.hop(), this);
        }
    }

    boolean isFinished() {
        return stored.size() + failed == targets.size();
    }

    @Override
    public void onResponse(PeerId peer, KadResponse response, List<PeerInfo> closerPeers, List<PeerId> closerIds) {
        count(peer);
    }

    @Override
    public void onSent(PeerId peer) {
        count(peer);
    }

    private void count(PeerId peer) {
        stored.add(peer);
        state.emit(new QueryEvent.RecordStored(state.id(), peer));
        if (stored.size() == required) {
            state.emit(new QueryEvent.QuorumReached(state.id(), required));
        }
    }

    @Override
    public void onFailure(PeerId peer, TransportFailure failure) {
        failed++;
        if (failure.kind() == TransportFailure.Kind.TOO_LARGE) {
            tooLarge++;
        }
    }

    /** Returns who took it, nearest first. */
    List<PeerId> storedBy() {
        Comparator<PeerId> nearer = (left, right) -> key.kadKey().compareDistance(left.kadKey(), right.kadKey());
        return stored.stream().sorted(nearer).toList();
    }

    boolean hasQuorum() {
        return stored.size() >= required;
    }

    /** Ends the query by what was reached. */
    void endQuery() {
        if (hasQuorum()) {
            state.complete(stats -> new PutResult(key, storedBy(), required, stats));
        } else if (tooLarge > 0 && tooLarge == targets.size()) {
            state.fail(stats -> new KadException.InvalidRecord("the record is larger than what may be sent"));
        } else {
            state.fail(stats -> new KadException.QuorumNotReached(
                    targets.isEmpty()
                            ? "no peer was found that answers"
                            : stored.size() + " of " + targets.size() + " peers took it, and " + required
                                    + " were required",
                    required,
                    storedBy(),
                    stats));
        }
    }
}
