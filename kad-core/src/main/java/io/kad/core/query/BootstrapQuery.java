package io.kad.core.query;

import io.kad.api.ConfigOption;
import io.kad.api.KademliaConfig;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.result.BootstrapResult;
import io.kad.core.routing.RefreshTargets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/**
 * Query that fills the routing table: looks up the local peer ID, and then an ID in each of the farther buckets. Each lookup has a time limit
 * of its own, and one that fails does not end the others.
 */
final class BootstrapQuery implements QueryLogic {

    /** Buckets that are refreshed concurrently. */
    static final int PARALLEL_REFRESHES = 4;

    private final QueryState state;
    private final QueryContext context;
    private final long timeoutNanos;
    private final Deque<PeerId> pendingTargets = new ArrayDeque<>();
    private final List<Refresh> running = new ArrayList<>();

    private boolean refreshing;
    private boolean hasResponse;
    private int queried;
    private int refreshed;
    private List<PeerId> closest = List.of();

    /** Lookup of this query, with the end of its time; the bucket is empty for the lookup of the local peer ID. */
    private record Refresh(LookupPhase lookupPhase, OptionalInt bucket, long endNanos) {}

    BootstrapQuery(QueryState state, QueryContext context) {
        this.state = state;
        this.context = context;
        this.timeoutNanos = context.config().get(KademliaConfig.QUERY_TIMEOUT).toNanos();
    }

    @Override
    public ConfigOption<Duration> timeout() {
        return KademliaConfig.BOOTSTRAP_TIMEOUT;
    }

    /** Starts a lookup; returns whether the routing table has a peer. */
    private boolean start(PeerId target) {
        LookupPhase lookupPhase = new LookupPhase(
                state,
                context,
                target.kadKey(),
                new KadRequest.FindNode(target.bytes()),
                context.k(),
                LookupPhase.ResponseReader.NONE);
        int distance = context.self().kadKey().distance(target.kadKey()).log2();
        OptionalInt bucket = distance < 0 ? OptionalInt.empty() : OptionalInt.of(distance);
        running.add(new Refresh(lookupPhase, bucket, context.operations().nanos() + timeoutNanos));
        return lookupPhase.start();
    }

    @Override
    public void start() {
        if (start(context.self())) {
            proceed();
        } else {
            running.get(0).lookupPhase().failWithoutResponse();
        }
    }

    @Override
    public void proceed() {
        do {
            while (refreshing && running.size() < PARALLEL_REFRESHES && !pendingTargets.isEmpty()) {
                var unused = start(pendingTargets.remove());
            }
            running.forEach(this::proceed);
        } while (completeFinished() && !pendingTargets.isEmpty());
        if (running.isEmpty()) {
            end();
        }
    }

    private void proceed(Refresh refresh) {
        if (context.operations().nanos() >= refresh.endNanos()) {
            refresh.lookupPhase().finish();
        } else {
            refresh.lookupPhase().proceed();
        }
    }

    /** Completes the lookups that have finished; returns whether there were any. */
    private boolean completeFinished() {
        List<Refresh> finished = running.stream()
                .filter(refresh -> refresh.lookupPhase().isFinished())
                .toList();
        running.removeAll(finished);
        finished.forEach(this::complete);
        return !finished.isEmpty();
    }

    private void complete(Refresh done) {
        List<PeerId> responded = done.lookupPhase().idsOfClosestResponders();
        queried += done.lookupPhase().requests();
        hasResponse |= !responded.isEmpty();
        if (done.bucket().isPresent()) {
            refreshed++;
            if (!hasResponse && refreshed >= PARALLEL_REFRESHES) {
                // The local peer is offline: more lookups would fail in the same way
                pendingTargets.clear();
            }
        } else {
            closest = responded;
            startRefreshing();
        }
        state.emit(new QueryEvent.BucketRefreshed(
                state.id(), done.bucket(), responded.size(), pendingTargets.size() + running.size()));
    }

    /** Chooses the buckets to refresh, unless every peer of the table was queried and none responded. */
    private void startRefreshing() {
        refreshing = true;
        if (hasResponse || context.operations().routingSnapshot().size() > queried) {
            pendingTargets.addAll(RefreshTargets.choose(
                    context.self().kadKey(), context.operations().refreshableBuckets(), context.random()));
        }
    }

    @Override
    public void finish() {
        end();
    }

    private void end() {
        if (!hasResponse && running.isEmpty()) {
            LookupPhase.failWithoutResponse(state, context, queried);
            return;
        }
        int peers = context.operations().routingSnapshot().size();
        state.complete(stats -> new BootstrapResult(peers, refreshed, stats));
    }

    @Override
    public List<PeerId> succeededPeers() {
        return closest;
    }

    @Override
    public long nextDeadlineNanos() {
        return running.stream()
                .mapToLong(refresh ->
                        Math.min(refresh.endNanos(), refresh.lookupPhase().nextDeadlineNanos()))
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
