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

/** Phase of a query that sends one message to a fixed set of peers and counts the peers that store it. Confined to one thread at a time. */
final class StorePhase implements QueryPhase {

    /** Message of a failure because no peer responded. */
    static final String NO_RESPONSE = "no peer responded";

    private final QueryState state;
    private final QueryContext context;
    private final RecordKey key;
    private final KadRequest message;
    private final int required;
    private final int parallelism;
    private final List<Target> targets;
    private final List<PeerId> stored = new ArrayList<>();

    private int sent;
    private int failed;
    private int tooLarge;

    /**
     * Peer to store at.
     *
     * @param hop length of the path to the peer in requests
     */
    record Target(PeerInfo peer, int hop) {}

    /**
     * Prepares to store at {@code targets}.
     *
     * @param required the number of peers that must store it; at least 1
     * @param parallelism slots for requests
     */
    StorePhase(
            QueryState state,
            QueryContext context,
            RecordKey key,
            KadRequest message,
            int required,
            int parallelism,
            List<Target> targets) {
        this.state = state;
        this.context = context;
        this.key = key;
        this.message = message;
        this.required = Math.max(1, required);
        this.parallelism = parallelism;
        this.targets = targets;
    }

    /** Sends the message to further peers while slots are free. */
    void proceed() {
        while (sent < targets.size() && sent - stored.size() - failed < parallelism) {
            Target target = targets.get(sent++);
            state.sendRequest(key.kadKey(), target.peer(), message, target.hop(), this);
        }
    }

    boolean isFinished() {
        return stored.size() + failed == targets.size();
    }

    @Override
    public void onResponse(PeerId peer, KadResponse response, List<PeerInfo> closerPeers, List<PeerId> closerIds) {
        addStored(peer);
    }

    @Override
    public void onSent(PeerId peer) {
        addStored(peer);
    }

    private void addStored(PeerId peer) {
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

    /** Returns the peers that stored it, closest first. */
    List<PeerId> storedBy() {
        Comparator<PeerId> closestFirst = (left, right) -> key.kadKey().compareDistance(left.kadKey(), right.kadKey());
        return stored.stream().sorted(closestFirst).toList();
    }

    boolean hasQuorum() {
        return stored.size() >= required;
    }

    /** Ends the query: completes it if the quorum was reached, and fails it otherwise. */
    void endQuery() {
        if (hasQuorum()) {
            state.complete(stats -> new PutResult(key, storedBy(), required, stats));
        } else if (tooLarge > 0 && tooLarge == targets.size()) {
            state.fail(stats -> context.recordTooLarge());
        } else {
            state.fail(stats -> new KadException.QuorumNotReached(
                    targets.isEmpty()
                            ? NO_RESPONSE
                            : "quorum not reached: stored at " + stored.size() + " of " + targets.size()
                                    + " peers, required " + required,
                    required,
                    storedBy(),
                    stats));
        }
    }
}
