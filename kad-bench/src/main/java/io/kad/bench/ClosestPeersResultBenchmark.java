package io.kad.bench;

import io.kad.api.id.KadKey;
import io.kad.api.message.PeerInfo;
import io.kad.core.routing.RoutingSnapshot;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Benchmark of the search for the 20 peers of a routing table that are closest to a random key.
 *
 * <p>{@code java -jar kad-bench/target/benchmarks.jar ClosestPeersResultBenchmark -prof gc}
 */
public class ClosestPeersResultBenchmark extends NanosecondBenchmark {

    private static final int K = 20;
    private static final int TARGETS = 1024;

    private static final int MOST_IN_BUCKETS_OF_K = 331;
    private static final int LARGE_BUCKETS = 10;

    /**
     * Entries of the table: those of a peer in networks of 1,000, 10,000, 100,000 and 1,000,000 peers; and a table with larger buckets. A table
     * of more than 331 entries has ten full buckets, as random peers fill further ones ever more slowly.
     */
    @Param({"131", "199", "264", "331", "5120"})
    public int entries;

    private RoutingSnapshot table = RoutingSnapshot.empty(new BenchmarkPeers(0).peer());
    private KadKey[] targets = {};
    private int next;

    @Setup
    public void fillTable() {
        BenchmarkPeers peers = new BenchmarkPeers(1);
        table = peers.table(entries, bucketSize(entries)).snapshot();
        targets = peers.keys(TARGETS);
    }

    private static int bucketSize(int entries) {
        return entries <= MOST_IN_BUCKETS_OF_K ? K : (entries + LARGE_BUCKETS - 1) / LARGE_BUCKETS;
    }

    @Benchmark
    public List<PeerInfo> closest() {
        next = (next + 1) & (TARGETS - 1);
        return table.closest(targets[next], K);
    }
}
