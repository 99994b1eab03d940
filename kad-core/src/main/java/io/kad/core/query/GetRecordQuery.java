package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.GetRecordResult;
import io.kad.api.spi.store.StoreException;
import io.kad.core.record.RecordCollector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the best record under a key: in the own store, then by a lookup that asks for it, up to the quorum. In the end the
 * peers near the key that lack the best record are sent it.
 */
final class GetRecordQuery implements QueryLogic {

    private final QueryState state;
    private final QueryContext context;
    private final RecordKey key;
    private final Quorum quorum;
    private final RecordCollector found;
    private final LookupPhase lookup;
    private final List<PeerId> withoutRecord = new ArrayList<>();

    private boolean hasLoaded;

    GetRecordQuery(QueryState state, QueryContext context, QuerySpec.GetRecord spec) {
        this.state = state;
        this.context = context;
        this.key = spec.recordKey();
        this.quorum = spec.quorum();
        this.found = new RecordCollector(key, context.validators());
        this.lookup =
                new LookupPhase(state, context, key.kadKey(), new KadRequest.GetValue(key), context.k(), this::read);
    }

    @Override
    public void start() {
        if (key.bytes().isEmpty()) {
            state.fail(stats -> new KadException.InvalidRequest("the key is empty"));
            return;
        }
        context.host().loadRecord(state.id(), key);
    }

    @Override
    public void recordLoaded(Optional<Record> record) {
        hasLoaded = true;
        record.ifPresent(own -> take(Optional.empty(), own));
        if (!lookup.hasSeeds() && found.answers() == 0) {
            state.fail(stats -> lookup.noPeers());
        }
    }

    /** What the own store can't tell, others may; the driver reports what is wrong with the store. */
    @Override
    public void storeFailed(StoreException failure) {
        recordLoaded(Optional.empty());
    }

    private void read(PeerId peer, KadResponse response) {
        if (response instanceof KadResponse.GetValue answer) {
            answer.record().ifPresentOrElse(record -> take(Optional.of(peer), record), () -> withoutRecord.add(peer));
        }
    }

    private void take(Optional<PeerId> from, Record record) {
        boolean usable = record.key().equals(key)
                && context.validators().problem(record, context.host().wall()).isEmpty();
        if (usable) {
            found.add(from, record, context.host().wall());
            state.emit(new QueryEvent.RecordFound(state.id(), from, record));
        }
    }

    @Override
    public void proceed() {
        if (!hasLoaded) {
            return;
        }
        if (hasEnough()) {
            end();
            return;
        }
        lookup.proceed();
        if (lookup.isFinished()) {
            end();
        }
    }

    private boolean hasEnough() {
        return context.lookupConfig().mayEndEarly()
                && quorum.fixed().isPresent()
                && found.answers() >= quorum.fixed().getAsInt();
    }

    private void end() {
        if (found.answers() == 0) {
            failEmptyHanded();
            return;
        }
        int required = quorum.required(lookup.closestIds().size());
        if (found.answers() >= required) {
            succeed();
            return;
        }
        correct(found.best(context.host().wall()));
        state.fail(stats -> new KadException.QuorumNotReached(
                found.answers() + " records were found, and " + required + " were required",
                required,
                found.holders(),
                stats));
    }

    /** Whoever ends the query by hand is content with what was found. */
    @Override
    public void finish() {
        if (found.answers() == 0) {
            failEmptyHanded();
        } else {
            succeed();
        }
    }

    private void failEmptyHanded() {
        if (hasLoaded && lookup.hasNoResponse() && state.requests() > 0) {
            state.fail(stats -> lookup.noPeers());
        } else {
            state.fail(stats -> new KadException.NotFound(
                    "none of the " + stats.successes() + " peers that answered has a valid record of that key",
                    lookup.closestIds(),
                    stats));
        }
    }

    private void succeed() {
        RecordCollector.Found best = found.best(context.host().wall());
        List<PeerId> lacking = correct(best);
        state.complete(stats -> new GetRecordResult(best.record(), best.holder(), found.answers(), lacking, stats));
    }

    /** Sends the best record to those that lack it, and returns who they are. */
    private List<PeerId> correct(RecordCollector.Found best) {
        List<PeerInfo> lacking = Stream.concat(lookup.respondedAmongClosest().stream(), toCacheAt())
                .filter(peer -> !best.isHeldBy(peer.id()))
                .collect(Collectors.toMap(PeerInfo::id, peer -> peer, (first, second) -> first, LinkedHashMap::new))
                .values()
                .stream()
                .toList();
        if (!lacking.isEmpty()) {
            Record record = best.record();
            context.host()
                    .correctRecord(
                            new Record(key, record.value(), record.publisher(), record.expires(), Optional.empty()),
                            lacking);
        }
        return lacking.stream().map(PeerInfo::id).toList();
    }

    /** Returns the nearest of those that have no record at all: the next search that comes that way finds one sooner. */
    private Stream<PeerInfo> toCacheAt() {
        KadKey place = key.kadKey();
        return withoutRecord.stream()
                .sorted((left, right) -> place.compareDistance(left.kadKey(), right.kadKey()))
                .limit(context.config().get(KademliaConfig.CACHE_PEERS))
                .map(lookup::peerInfo);
    }

    @Override
    public List<PeerId> succeededPeers() {
        return lookup.closestIds();
    }

    @Override
    public long nextDeadlineNanos() {
        return hasLoaded ? lookup.nextDeadlineNanos() : Long.MAX_VALUE;
    }
}
