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

/** Check of the routing table: it has peers, and those respond to a lookup. A peer made for the checks joins first. */
final class TableCheck {

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
        return (setup.isRunning() ? CompletableFuture.completedFuture(null) : join()).thenCompose(joined -> table());
    }

    /** Identifies the bootstrap peers, which enter the table by that if they are servers, and bootstraps; completes whether that works or not. */
    private CompletableFuture<Void> join() {
        List<CompletableFuture<?>> identified = new ArrayList<>();
        for (PeerInfo peer : setup.bootstrap()) {
            identified.add(work.start(() -> kad.identify(peer, times.step())).handle((stated, failure) -> failure));
        }
        return CompletableFuture.allOf(identified.toArray(CompletableFuture[]::new))
                .thenCompose(all -> bounded(kad::bootstrap).handle((done, failure) -> null));
    }

    /** Returns the result of a query, which is cancelled when its time or the diagnosis is over. */
    private <T> CompletableFuture<T> bounded(Supplier<Query<T>> operation) {
        return work.start(() -> {
            Query<T> query = operation.get();
            CompletableFuture<T> result =
                    query.result().copy().orTimeout(times.step().toNanos(), TimeUnit.NANOSECONDS);
            var unused = result.whenComplete((value, failure) -> query.cancel());
            return result;
        });
    }

    private CompletableFuture<Check> table() {
        int peers = kad.routingTable().entries().size();
        if (peers == 0) {
            return CompletableFuture.completedFuture(
                    setup.bootstrap().isEmpty()
                            ? Check.skipped(
                                    TABLE,
                                    "the table is empty, as that of the first peer of a network is: no bootstrap peer is known")
                            : Check.failed(Fault.TABLE_EMPTY, "the routing table is empty"));
        }
        return bounded(() -> kad.getClosestPeers(kad.peerId().bytes(), 1)).handle((found, failure) -> {
            String inTable = TextFormatter.peers(peers) + " in the routing table";
            return failure == null
                    ? Check.passed(TABLE, inTable + ", and a lookup found some that respond")
                    : Check.failed(Fault.TABLE_SILENT, inTable + ", and none has responded: " + Failures.text(failure));
        });
    }
}
