package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.ClosestPeersResult;
import java.util.List;

/** Finds the peers closest to a key: a lookup, and nothing else. */
final class GetClosestPeersSteps implements QuerySteps {

    private final QueryRun run;
    private final int count;
    private final int maxCount;
    private final LookupPhase lookup;

    GetClosestPeersSteps(QueryRun run, QueryContext context, QuerySpec.GetClosestPeers spec) {
        this.run = run;
        this.count = spec.count();
        this.maxCount = context.k();
        this.lookup = new LookupPhase(
                run,
                context,
                KadKey.hash(spec.key()),
                new KadRequest.FindNode(spec.key()),
                Math.max(1, Math.min(count, maxCount)),
                (peer, response) -> {});
    }

    @Override
    public void start() {
        if (count < 1 || count > maxCount) {
            run.fail(stats ->
                    new KadException.InvalidRequest("can find 1 to " + maxCount + " closest peers, not " + count));
        } else if (!lookup.hasSeeds()) {
            run.fail(stats -> lookup.nobody());
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
            run.fail(stats -> lookup.nobody());
        } else {
            run.complete(stats -> new ClosestPeersResult(closest, stats));
        }
    }

    @Override
    public List<PeerId> reached() {
        return lookup.closestIds();
    }

    @Override
    public long nextDeadlineNanos() {
        return lookup.nextDeadlineNanos();
    }
}
