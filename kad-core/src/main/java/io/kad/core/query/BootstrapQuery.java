package io.kad.core.query;

import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.result.BootstrapResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Looks up the own id, and then an id in each of the farther buckets. */
final class BootstrapQuery implements QueryLogic {

    /** How many buckets are refreshed at once. */
    static final int PARALLEL_REFRESHES = 4;

    private final QueryState state;
    private final QueryContext context;
    private final LookupPhase ownLookup;
    private final Deque<PeerId> waiting = new ArrayDeque<>();
    private final List<LookupPhase> refreshes = new ArrayList<>();

    private boolean refreshing;
    private int refreshed;

    BootstrapQuery(QueryState state, QueryContext context) {
        this.state = state;
        this.context = context;
        this.ownLookup = lookup(context.self());
    }

    private LookupPhase lookup(PeerId target) {
        return new LookupPhase(
                state,
                context,
                target.kadKey(),
                new KadRequest.FindNode(target.bytes()),
                context.k(),
                (peer, response) -> {});
    }

    @Override
    public void start() {
        if (ownLookup.hasSeeds()) {
            proceed();
        } else {
            state.fail(stats -> ownLookup.noPeers());
        }
    }

    @Override
    public void proceed() {
        if (!refreshing) {
            ownLookup.proceed();
            if (!ownLookup.isFinished()) {
                return;
            }
            if (ownLookup.hasNoResponse()) {
                state.fail(stats -> ownLookup.noPeers());
                return;
            }
            refreshing = true;
            waiting.addAll(RefreshTargets.choose(
                    context.self().kadKey(), context.host().refreshableBuckets(), context.random()));
        }
        refresh();
        if (refreshes.isEmpty()) {
            end();
        }
    }

    private void refresh() {
        do {
            while (refreshes.size() < PARALLEL_REFRESHES && !waiting.isEmpty()) {
                refreshes.add(lookup(waiting.remove()));
            }
            refreshes.forEach(LookupPhase::proceed);
        } while (dropFinished() && !waiting.isEmpty());
    }

    private boolean dropFinished() {
        int before = refreshes.size();
        refreshes.removeIf(LookupPhase::isFinished);
        refreshed += before - refreshes.size();
        return refreshes.size() < before;
    }

    @Override
    public void finish() {
        end();
    }

    private void end() {
        int peers = context.host().routingTable().size();
        state.complete(stats -> new BootstrapResult(peers, refreshed, stats));
    }

    @Override
    public List<PeerId> succeededPeers() {
        return ownLookup.closestIds();
    }

    @Override
    public long nextDeadlineNanos() {
        if (!refreshing) {
            return ownLookup.nextDeadlineNanos();
        }
        return refreshes.stream()
                .mapToLong(LookupPhase::nextDeadlineNanos)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
