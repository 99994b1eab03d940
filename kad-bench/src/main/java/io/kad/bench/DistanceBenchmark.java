package io.kad.bench;

import io.kad.api.id.Distance;
import io.kad.api.id.KadKey;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Benchmark of the comparison of two keys by their distance to a third.
 *
 * <p>{@code java -jar kad-bench/target/benchmarks.jar DistanceBenchmark -prof gc}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DistanceBenchmark {

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
