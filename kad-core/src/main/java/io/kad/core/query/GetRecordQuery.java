package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.GetRecordResult;
import io.kad.api.spi.store.StoreException;
import io.kad.core.record.FoundRecord;
import io.kad.core.record.RecordCollector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Query for the best record under a key: reads the local store, and then runs a lookup until it has found the quorum. A record of the local
 * store that loses is replaced before the query ends. Afterwards the best record is written to the peers close to the key that lack it (record
 * correction and caching; Kademlia paper, section 2.3).
 */
final class GetRecordQuery extends LookupQuery {

    private final RecordKey key;
    private final Quorum quorum;
    private final RecordCollector records;
    private final List<PeerId> peersWithoutRecord = new ArrayList<>();
    /** The value of the local store, or the one that was merged into it; empty if there is no valid one. */
    private Optional<Bytes> local = Optional.empty();

    /** Why the first of the invalid records is invalid, as a validator may have failed; empty if there is none. */
    private Optional<String> reasonInvalid = Optional.empty();

    private boolean merging;
    private boolean finishing;

    GetRecordQuery(QueryState state, QueryContext context, QuerySpec.GetRecord spec) {
        super(state, context, spec.recordKey().kadKey(), new KadRequest.GetValue(spec.recordKey()), context.k());
        this.key = spec.recordKey();
        this.quorum = spec.quorum();
        this.records = new RecordCollector(context.recordRules());
    }

    @Override
    public void start() {
        context.operations().loadRecord(state.id(), key);
    }

    @Override
    public void recordLoaded(Optional<Record> record) {
        boolean hasSeeds = lookupPhase.start();
        record.filter(found -> add(Optional.empty(), found)).ifPresent(found -> local = Optional.of(found.value()));
        if (!hasSeeds && records.count() == 0) {
            lookupPhase.failWithoutResponse();
        }
    }

    /** Continues without the local store, as other peers may have the record; {@code StoreAccess} logs the first failure of each kind. */
    @Override
    public void storeFailed(StoreException failure) {
        if (merging) {
            endMerge();
        } else {
            recordLoaded(Optional.empty());
        }
    }

    @Override
    public void recordMerged(Optional<Record> stored) {
        endMerge();
    }

    private void endMerge() {
        merging = false;
        if (finishing) {
            complete();
        }
    }

    /** Returns no deadline while the query waits for the local store only: its lookup no longer proceeds. */
    @Override
    public long nextDeadlineNanos() {
        return merging ? Long.MAX_VALUE : super.nextDeadlineNanos();
    }

    /**
     * Merges the best record into the local store if that has a valid record with another value, which loses: it would be read, served and
     * republished. The query waits for that before it ends, if it has time.
     */
    private void mergeIntoLocalStore(RecordCollector.ValueWithHolders best) {
        Record record = best.record();
        if (!merging && local.isPresent() && !local.get().equals(record.value())) {
            merging = true;
            local = Optional.of(record.value());
            context.mergeRecord(state.id(), new FoundRecord(record, best.firstHolder()), Optional.empty());
        }
    }

    @Override
    void readResponse(PeerId peer, KadResponse response) {
        if (response instanceof KadResponse.GetValue value) {
            value.record()
                    .ifPresentOrElse(record -> add(Optional.of(peer), record), () -> peersWithoutRecord.add(peer));
        }
    }

    /** Adds a record if it is valid, and returns whether it is. */
    private boolean add(Optional<PeerId> from, Record record) {
        Optional<String> problem = record.key().equals(key)
                ? context.recordRules()
                        .reasonInvalid(record, context.operations().wall())
                : Optional.of("key is another one");
        if (problem.isPresent()) {
            reasonInvalid = reasonInvalid.or(() -> problem);
            return false;
        }
        Record found = records.add(from, record, context.operations().wall());
        state.emit(new QueryEvent.RecordFound(state.id(), from, found));
        return true;
    }

    @Override
    boolean isSatisfied() {
        return context.lookupConfig().hasSinglePath() && reachedFixedQuorum();
    }

    private boolean reachedFixedQuorum() {
        return quorum.fixed().isPresent() && records.count() >= quorum.fixed().getAsInt();
    }

    /**
     * Completes the query, without waiting for the local store, if the user has finished it, its quorum is a number that was reached, or its
     * lookup has converged and the peers that responded fulfil it.
     */
    @Override
    public void completeAtTimeout() {
        if (records.count() > 0) {
            RecordCollector.ValueWithHolders best =
                    records.best(context.operations().wall());
            mergeIntoLocalStore(best);
            boolean isFulfilled = lookupPhase.hasConverged() && countedRecords() >= required();
            if (finishing || reachedFixedQuorum() || isFulfilled) {
                complete(best);
            }
        }
    }

    /**
     * Returns whether the quorum is reached whatever late peers respond: for a majority, a majority of k. Never for all, as late peers are among them, nor without a
     * record, as a late peer may have one.
     */
    @Override
    boolean endsOnceConverged() {
        int required = quorum.equals(Quorum.majority()) ? quorum.required(context.k()) : required();
        return context.lookupConfig().hasSinglePath() && !quorum.equals(Quorum.all()) && countedRecords() >= required;
    }

    private int required() {
        return quorum.required(lookupPhase.idsOfClosestResponders().size());
    }

    /**
     * Returns the number of records that count towards the quorum: all for a number; for a part of the closest peers that responded, those of
     * these peers and of the local store.
     */
    private int countedRecords() {
        if (quorum.fixed().isPresent()) {
            return records.count();
        }
        List<PeerId> holders = records.holders();
        return records.localCount()
                + (int) lookupPhase.idsOfClosestResponders().stream()
                        .filter(holders::contains)
                        .count();
    }

    @Override
    void end() {
        if (records.count() == 0) {
            failWithoutRecord();
            return;
        }
        int required = required();
        int counted = countedRecords();
        if (counted >= required) {
            complete();
            return;
        }
        RecordCollector.ValueWithHolders best =
                records.best(context.operations().wall());
        mergeIntoLocalStore(best);
        if (merging) {
            return;
        }
        scheduleCorrection(best, peersLackingBest(best));
        state.fail(stats -> new KadException.QuorumNotReached(
                "quorum not reached: found " + counted + (counted == 1 ? " record" : " records") + inLocalStore()
                        + ", required " + required + invalidRecords(),
                required,
                records.holders(),
                stats));
    }

    private String inLocalStore() {
        return records.localCount() == 0 ? "" : " (" + records.localCount() + " of them in the local store)";
    }

    /** Completes the query whatever its quorum, as the user asked to end it. */
    @Override
    public void finish() {
        finishing = true;
        if (records.count() == 0) {
            failWithoutRecord();
        } else {
            complete();
        }
        if (!state.hasEnded()) {
            lookupPhase.finish(); // it waits for the local store, and asks nobody else meanwhile
        }
    }

    @Override
    public Findings findings() {
        return records.count() == 0
                ? Findings.NONE
                : new Findings(
                        Optional.of(records.best(context.operations().wall()).record()), List.of());
    }

    private void failWithoutRecord() {
        if (lookupPhase.isUnanswered()) {
            lookupPhase.failWithoutResponse();
        } else {
            state.fail(stats -> new KadException.NotFound(
                    "record not found: none of the " + stats.successes() + " peers that responded has a valid one"
                            + invalidRecords(),
                    lookupPhase.idsOfClosestResponders(),
                    stats));
        }
    }

    private String invalidRecords() {
        return reasonInvalid
                .map(reason -> "; an invalid one was dropped: " + reason)
                .orElse("");
    }

    /** Completes the query, once the local store has no record that loses. */
    private void complete() {
        RecordCollector.ValueWithHolders best =
                records.best(context.operations().wall());
        mergeIntoLocalStore(best);
        if (!merging) {
            complete(best);
        }
    }

    private void complete(RecordCollector.ValueWithHolders best) {
        List<PeerInfo> peersLackingBest = peersLackingBest(best);
        scheduleCorrection(best, peersLackingBest);
        List<PeerId> ids = peersLackingBest.stream().map(PeerInfo::id).toList();
        state.complete(stats -> new GetRecordResult(best.record(), best.firstHolder(), records.count(), ids, stats));
    }

    /** Returns the peers that responded without the best record: those among the closest, and those chosen for caching. */
    private List<PeerInfo> peersLackingBest(RecordCollector.ValueWithHolders best) {
        return Stream.concat(lookupPhase.respondersAmongClosest().stream(), cachePeers())
                .filter(peer -> !best.isReturnedBy(peer.id()))
                .collect(Collectors.toMap(PeerInfo::id, peer -> peer, (first, second) -> first, LinkedHashMap::new))
                .values()
                .stream()
                .toList();
    }

    private void scheduleCorrection(RecordCollector.ValueWithHolders best, List<PeerInfo> peers) {
        if (!peers.isEmpty()) {
            context.operations().correctRecord(best.record().withTimeReceived(Optional.empty()), peers);
        }
    }

    /** Returns the closest peers that responded without a record; a copy there ends the next lookup on this way sooner. */
    private Stream<PeerInfo> cachePeers() {
        return peersWithoutRecord.stream()
                .sorted((left, right) -> key.kadKey().compareDistance(left.kadKey(), right.kadKey()))
                .limit(context.config().get(KademliaConfig.MAX_CACHE_PEERS))
                .map(lookupPhase::peerInfo);
    }
}
