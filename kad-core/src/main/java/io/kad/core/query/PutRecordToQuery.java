package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Query that stores a record at exactly the given peers. */
final class PutRecordToQuery implements QueryLogic {

    private final QueryState state;
    private final QueryContext context;
    private final QuerySpec.PutRecordTo spec;
    private final Record record;
    private final StorePhase storePhase;

    PutRecordToQuery(QueryState state, QueryContext context, QuerySpec.PutRecordTo spec) {
        this.state = state;
        this.context = context;
        this.spec = spec;
        this.record = spec.record().published().isPresent()
                ? spec.record()
                : context.recordRules()
                        .stamped(
                                spec.record(),
                                Optional.empty(),
                                context.operations().wall());
        this.storePhase = new StorePhase(state, context, record.key(), new KadRequest.PutValue(record), context.k());
        spec.peers().forEach(peer -> storePhase.add(new StorePhase.Target(peer, 1)));
        Set<PeerId> peers = spec.peers().stream().map(PeerInfo::id).collect(Collectors.toSet());
        storePhase.count(peers, spec.quorum().required(peers.size()));
    }

    @Override
    public void start() {
        Optional<KadException> problem = problem();
        if (problem.isPresent()) {
            state.fail(stats -> problem.get());
        } else {
            proceed();
        }
    }

    private Optional<KadException> problem() {
        if (spec.peers().isEmpty()) {
            return Optional.of(new KadException.InvalidRequest("peers must not be empty"));
        }
        if (spec.peers().stream().map(PeerInfo::id).anyMatch(context.self()::equals)) {
            return Optional.of(new KadException.InvalidRequest("peers must not include the local peer"));
        }
        return RecordPublication.problem(context, record);
    }

    @Override
    public void proceed() {
        storePhase.proceed();
        if (storePhase.isIdle()) {
            storePhase.proceedToEnd(
                    found -> RecordPublication.better(context, record, found), storePhase::endSuperseded);
        }
    }

    @Override
    public void finish() {
        storePhase.endQuery();
    }

    @Override
    public void completeAtTimeout() {
        if (storePhase.hasQuorum()) {
            storePhase.endQuery();
        }
    }

    @Override
    public List<PeerId> succeededPeers() {
        return storePhase.storedBy();
    }

    @Override
    public long nextDeadlineNanos() {
        return Long.MAX_VALUE;
    }
}
