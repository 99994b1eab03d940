package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.id.KadKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.ClosestPeersResult;
import java.util.List;

/** Query for the peers closest to a key. */
final class GetClosestPeersQuery extends LookupQuery {

    private final int count;

    GetClosestPeersQuery(QueryState state, QueryContext context, QuerySpec.GetClosestPeers spec) {
        super(
                state,
                context,
                KadKey.hash(spec.key()),
                new KadRequest.FindNode(spec.key()),
                Math.max(1, Math.min(spec.count(), context.k())));
        this.count = spec.count();
    }

    @Override
    public void start() {
        if (count < 1 || count > context.k()) {
            state.fail(stats -> new KadException.InvalidRequest(
                    "count must be between 1 and " + context.k() + " (k), got " + count));
        } else if (lookup.start()) {
            proceed();
        } else {
            lookup.failWithoutResponse();
        }
    }

    @Override
    boolean endsWhenConverged() {
        return false;
    }

    @Override
    void end() {
        List<PeerInfo> closest = lookup.closest();
        if (closest.isEmpty()) {
            lookup.failWithoutResponse();
        } else {
            state.complete(stats -> new ClosestPeersResult(closest, stats));
        }
    }
}
