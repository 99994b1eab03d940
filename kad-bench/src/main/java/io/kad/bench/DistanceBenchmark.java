package io.kad.bench;

import io.kad.api.id.Distance;
import io.kad.api.id.KadKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * Benchmark of the comparison of two keys by their distance to a third.
 *
 * <p>{@code java -jar kad-bench/target/benchmarks.jar DistanceBenchmark -prof gc}
 */
public class DistanceBenchmark extends NanosecondBenchmark {

    /** Number of keys: a power of two, small enough for the processor cache. */
    private static final int KEYS = 1024;

    private KadKey[] keys = {};
    private int next;

    @Setup
    public void drawKeys() {
        keys = new BenchmarkPeers(1).keys(KEYS);
    }

    private KadKey key() {
        next = (next + 1) & (KEYS - 1);
        return keys[next];
    }

    /** Compares two distances without objects, as sorting by distance does. */
    @Benchmark
    public int compare() {
        return key().compareDistance(key(), key());
    }

    /** Compares two distances as values. */
    @Benchmark
    public int compareAsValues() {
        KadKey target = key();
        return target.distance(key()).compareTo(target.distance(key()));
    }

    /** Computes one distance as a value. */
    @Benchmark
    public Distance distance() {
        return key().distance(key());
    }

    /** Computes the bucket index of a key. */
    @Benchmark
    public int bucketIndex() {
        return key().distance(key()).log2();
    }
}
