package io.kad.bench;

import io.kad.api.message.PeerInfo;
import io.kad.core.routing.RoutingSnapshot;
import io.kad.core.routing.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * Benchmark of updates of a routing table of 264 peers, and of the snapshot after an update.
 *
 * <p>{@code java -jar kad-bench/target/benchmarks.jar RoutingTableBenchmark -prof gc}
 */
public class RoutingTableBenchmark extends NanosecondBenchmark {

    private static final int ENTRIES = 264;
    private static final int NEW_PEERS = 1024;

    private RoutingTable table = new BenchmarkPeers(0).table(0);
    private List<PeerInfo> entries = List.of();
    private List<PeerInfo> newPeers = List.of();
    private int next;
    private boolean connected;

    @Setup
    public void fillTable() {
        BenchmarkPeers peers = new BenchmarkPeers(1);
        table = peers.table(ENTRIES);
        RoutingSnapshot snapshot = table.snapshot();
        entries = snapshot.closest(peers.key(), ENTRIES);
        List<PeerInfo> others = new ArrayList<>();
        while (others.size() < NEW_PEERS) {
            others.add(peers.info());
        }
        newPeers = others;
    }

    private PeerInfo entry() {
        next = (next + 1) % ENTRIES;
        connected ^= next == 0;
        return entries.get(next);
    }

    /** Inserts a peer that is in the table, with the same addresses. */
    @Benchmark
    public RoutingTable.Insertion refresh() {
        PeerInfo peer = entry();
        return table.insert(0, peer.id(), peer.addresses(), connected);
    }

    /** Inserts a new peer into a table whose far buckets are full. */
    @Benchmark
    public RoutingTable.Insertion insertIntoFullBucket() {
        next = (next + 1) & (NEW_PEERS - 1);
        PeerInfo peer = newPeers.get(next);
        return table.insert(0, peer.id(), peer.addresses(), false);
    }

    /** Marks a peer as connected or disconnected. */
    @Benchmark
    public boolean status() {
        return table.setConnected(entry().id(), connected);
    }

    /** Marks a peer as connected or disconnected, and takes a snapshot. */
    @Benchmark
    public RoutingSnapshot statusAndSnapshot() {
        table.setConnected(entry().id(), connected);
        return table.snapshot();
    }
}
