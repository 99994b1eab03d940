package io.kad.core.query;

import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.result.BootstrapResult;
import io.kad.core.routing.RefreshTargets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Query that fills the routing table: looks up the local peer ID, and then an ID in each of the farther buckets. */
final class BootstrapQuery implements QueryLogic {

    /** Buckets that are refreshed concurrently. */
    static final int PARALLEL_REFRESHES = 4;

    private final QueryState state;
    private final QueryContext context;
    private final LookupPhase selfLookup;
    private final Deque<PeerId> pendingTargets = new ArrayDeque<>();
    private final List<LookupPhase> refreshes = new ArrayList<>();

    private boolean refreshing;
    private int refreshed;

    BootstrapQuery(QueryState state, QueryContext context) {
        this.state = state;
        this.context = context;
        this.selfLookup = lookup(context.self());
    }

    private LookupPhase lookup(PeerId target) {
        return new LookupPhase(
                state,
                context,
                target.kadKey(),
                new KadRequest.FindNode(target.bytes()),
                context.k(),
                LookupPhase.ResponseHandler.NONE);
    }

    @Override
    public void start() {
        if (selfLookup.start()) {
            proceed();
        } else {
            selfLookup.failWithoutResponse();
        }
    }

    @Override
    public void proceed() {
        if (!refreshing) {
            selfLookup.proceed();
            if (!selfLookup.isFinished()) {
                return;
            }
            if (selfLookup.isUnanswered()) {
                selfLookup.failWithoutResponse();
                return;
            }
            refreshing = true;
            pendingTargets.addAll(RefreshTargets.choose(
                    context.self().kadKey(), context.host().refreshableBuckets(), context.random()));
        }
        refresh();
        if (refreshes.isEmpty()) {
            end();
        }
    }

    private void refresh() {
        do {
            while (refreshes.size() < PARALLEL_REFRESHES && !pendingTargets.isEmpty()) {
                LookupPhase refresh = lookup(pendingTargets.remove());
                refresh.start();
                refreshes.add(refresh);
            }
            refreshes.forEach(LookupPhase::proceed);
        } while (removeFinished() && !pendingTargets.isEmpty());
    }

    private boolean removeFinished() {
        int previousSize = refreshes.size();
        refreshes.removeIf(LookupPhase::isFinished);
        refreshed += previousSize - refreshes.size();
        return refreshes.size() < previousSize;
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
        return selfLookup.closestIds();
    }

    @Override
    public long nextDeadlineNanos() {
        if (!refreshing) {
            return selfLookup.nextDeadlineNanos();
        }
        return refreshes.stream()
                .mapToLong(LookupPhase::nextDeadlineNanos)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
