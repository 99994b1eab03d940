package io.kad.node.diagnose;

import static io.kad.node.diagnose.CheckName.TABLE;

import io.kad.api.Kademlia;
import io.kad.api.Query;
import io.kad.api.message.PeerInfo;
import io.kad.node.output.TextFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Check of the routing table: it has peers, and those respond to a lookup. A peer made for the checks joins first. */
final class TableCheck {

    private static final String NO_TIME = "not enough time; use a longer --timeout";

    private final Kademlia kad;
    private final NodeSetup setup;
    private final StepTimes times;
    private final RunningWork work;

    TableCheck(Kademlia kad, NodeSetup setup, StepTimes times, RunningWork work) {
        this.kad = kad;
        this.setup = setup;
        this.times = times;
        this.work = work;
    }

    CompletableFuture<Check> make() {
        return (setup.isRunning() ? CompletableFuture.completedFuture(true) : join()).thenCompose(this::table);
    }

    /**
     * Identifies the bootstrap peers, which enter the table by that if they are servers, and bootstraps.
     *
     * @return whether there was time enough for it, whether it works or not
     */
    private CompletableFuture<Boolean> join() {
        long end = System.nanoTime() + times.dialAndStep().toNanos();
        List<CompletableFuture<Boolean>> identified = new ArrayList<>();
        for (PeerInfo peer : setup.bootstrap()) {
            if (setup.isLocal(peer.id(), kad)) {
                continue; // a node does not join through itself
            }
            identified.add(work.start(() -> kad.identify(peer, times.dialAndStep()))
                    .handle((stated, failure) -> hadTime(failure)));
        }
        return CompletableFuture.allOf(identified.toArray(CompletableFuture[]::new))
                .thenCompose(all -> bounded(kad::bootstrap, Math.max(0, end - System.nanoTime()))
                        .handle((done, failure) ->
                                hadTime(failure) && identified.stream().allMatch(CompletableFuture::join)));
    }

    private boolean hadTime(@Nullable Throwable failure) {
        return failure == null || !times.areShort() || !Failures.isLocalTimeout(failure);
    }

    /** Returns the result of a query, which is cancelled when its time or the diagnosis is over. */
    private <T> CompletableFuture<T> bounded(Supplier<Query<T>> operation, long nanos) {
        return work.start(() -> {
            Query<T> query = operation.get();
            CompletableFuture<T> result = query.result().copy().orTimeout(nanos, TimeUnit.NANOSECONDS);
            var unused = result.whenComplete((value, failure) -> query.cancel());
            return result;
        });
    }

    private CompletableFuture<Check> table(boolean hadTime) {
        int peers = kad.routingTable().entries().size();
        if (peers == 0 && !hadTime) {
            return CompletableFuture.completedFuture(Check.skipped(TABLE, NO_TIME));
        } else if (peers == 0) {
            return CompletableFuture.completedFuture(
                    setup.bootstrap().isEmpty()
                            ? Check.skipped(
                                    TABLE,
                                    "the table is empty, as that of the first peer of a network is: no bootstrap peer is known")
                            : Check.failed(Fault.TABLE_EMPTY, "the routing table is empty"));
        }
        return bounded(
                        () -> kad.getClosestPeers(kad.peerId().bytes(), 1),
                        times.step().toNanos())
                .handle((found, failure) -> {
                    String inTable = TextFormatter.peers(peers) + " in the routing table";
                    if (failure == null) {
                        return Check.passed(TABLE, inTable + ", and a lookup found some that respond");
                    }
                    return !hadTime(failure)
                            ? Check.skipped(TABLE, NO_TIME)
                            : Check.failed(
                                    Fault.TABLE_SILENT,
                                    inTable + ", and none has responded: " + Failures.text(failure));
                });
    }
}
