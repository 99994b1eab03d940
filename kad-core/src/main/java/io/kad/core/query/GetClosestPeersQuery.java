package io.kad.core.query;

import io.kad.api.id.KadKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.ClosestPeersResult;
import java.util.List;

/** Query for the peers closest to a key. */
final class GetClosestPeersQuery extends LookupQuery {

    GetClosestPeersQuery(QueryState state, QueryContext context, QuerySpec.GetClosestPeers spec) {
        super(state, context, KadKey.hash(spec.key()), new KadRequest.FindNode(spec.key()), spec.count());
    }

    @Override
    public void start() {
        if (lookupPhase.start()) {
            proceed();
        } else {
            lookupPhase.failWithoutResponse();
        }
    }

    /** Completes the query if its lookup has converged: a late response could only replace peers of the result by closer ones. */
    @Override
    public void completeAtTimeout() {
        if (lookupPhase.hasConverged()) {
            end();
        }
    }

    @Override
    boolean endsOnceConverged() {
        return false;
    }

    @Override
    void end() {
        List<PeerInfo> closest = lookupPhase.closestResponders();
        if (closest.isEmpty()) {
            lookupPhase.failWithoutResponse();
        } else {
            state.complete(stats -> new ClosestPeersResult(closest, stats));
        }
    }
}
