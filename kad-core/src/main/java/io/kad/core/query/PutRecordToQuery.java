package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores a record at exactly the given peers. */
final class PutRecordToQuery implements QueryLogic {

    private final QueryState state;
    private final QueryContext context;
    private final QuerySpec.PutRecordTo spec;
    private final StorePhase storing;

    PutRecordToQuery(QueryState state, QueryContext context, QuerySpec.PutRecordTo spec) {
        this.state = state;
        this.context = context;
        this.spec = spec;
        Map<PeerId, StorePhase.Target> targets = new LinkedHashMap<>();
        spec.peers().forEach(peer -> targets.putIfAbsent(peer.id(), new StorePhase.Target(peer, 1)));
        this.storing = new StorePhase(
                state,
                spec.record().key(),
                new KadRequest.PutValue(spec.record()),
                spec.quorum().required(targets.size()),
                context.k(),
                List.copyOf(targets.values()));
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
            return Optional.of(new KadException.InvalidRequest("there is no peer to store the record at"));
        }
        if (spec.peers().stream().map(PeerInfo::id).anyMatch(context.self()::equals)) {
            return Optional.of(new KadException.InvalidRequest("this peer can't send a record to itself"));
        }
        return RecordPublication.problem(context, spec.record());
    }

    @Override
    public void proceed() {
        storing.proceed();
        if (storing.isFinished()) {
            storing.endQuery();
        }
    }

    @Override
    public void finish() {
        storing.endQuery();
    }

    @Override
    public void completeAtTimeout() {
        if (storing.hasQuorum()) {
            storing.endQuery();
        }
    }

    @Override
    public List<PeerId> succeededPeers() {
        return storing.storedBy();
    }

    @Override
    public long nextDeadlineNanos() {
        return Long.MAX_VALUE;
    }
}
