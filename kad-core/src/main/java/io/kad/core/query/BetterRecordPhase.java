package io.kad.core.query;

import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Phase of a query that stores a record, after peers have refused it: reads the key at them, one after the other, until one returns a better
 * record. Confined to one thread at a time.
 */
final class BetterRecordPhase implements QueryPhase {

    /** Limit of the peers that are read; peers may reset a stream for other reasons too. Default: 3 (kad's choice). */
    static final int MAX_READS = 3;

    private final QueryState state;
    private final RecordKey key;
    private final Function<FoundRecord, Optional<FoundRecord>> better;
    private final Deque<StorePhase.Target> unread;

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
            List<StorePhase.Target> refused,
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
            StorePhase.Target target = unread.remove();
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
    public void onResponse(PeerId peer, KadResponse response, List<PeerInfo> closerPeers, List<PeerId> closerIds) {
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
