package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.ClosestPeersResult;
import java.util.List;

/** Finds the peers closest to a key: a lookup, and nothing else. */
final class GetClosestPeersQuery implements QueryLogic {

    private final QueryState state;
    private final int count;
    private final int maxCount;
    private final LookupPhase lookup;

    GetClosestPeersQuery(QueryState state, QueryContext context, QuerySpec.GetClosestPeers spec) {
        this.state = state;
        this.count = spec.count();
        this.maxCount = context.k();
        this.lookup = new LookupPhase(
                state,
                context,
                KadKey.hash(spec.key()),
                new KadRequest.FindNode(spec.key()),
                Math.max(1, Math.min(count, maxCount)),
                (peer, response) -> {});
    }

    @Override
    public void start() {
        if (count < 1 || count > maxCount) {
            state.fail(stats ->
                    new KadException.InvalidRequest("can find 1 to " + maxCount + " closest peers, not " + count));
        } else if (!lookup.hasSeeds()) {
            state.fail(stats -> lookup.noPeers());
        } else {
            proceed();
        }
    }

    @Override
    public void proceed() {
        lookup.proceed();
        if (lookup.isFinished()) {
            end();
        }
    }

    @Override
    public void finish() {
        lookup.finish();
        end();
    }

    private void end() {
        List<PeerInfo> closest = lookup.closest();
        if (closest.isEmpty()) {
            state.fail(stats -> lookup.noPeers());
        } else {
            state.complete(stats -> new ClosestPeersResult(closest, stats));
        }
    }

    @Override
    public List<PeerId> succeededPeers() {
        return lookup.closestIds();
    }

    @Override
    public long nextDeadlineNanos() {
        return lookup.nextDeadlineNanos();
    }
}
