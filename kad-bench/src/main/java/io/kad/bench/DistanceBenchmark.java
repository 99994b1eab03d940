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
 * How long it takes to tell which of two places is nearer to a third.
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

    /** A power of two, small enough for the places to stay in the cache. */
    private static final int PLACES = 1024;

    private KadKey[] places = {};
    private int next;

    @Setup
    public void drawPlaces() {
        places = new BenchmarkPeers(1).keys(PLACES);
    }

    private KadKey place() {
        next = (next + 1) & (PLACES - 1);
        return places[next];
    }

    /** The comparison that sorting by distance is made of. */
    @Benchmark
    public int compare() {
        return place().compareDistance(place(), place());
    }

    /** The same by two distances as values. */
    @Benchmark
    public int compareAsValues() {
        KadKey target = place();
        return target.distance(place()).compareTo(target.distance(place()));
    }

    /** One XOR, as a value. */
    @Benchmark
    public Distance distance() {
        return place().distance(place());
    }

    /** The index of the bucket of a place. */
    @Benchmark
    public int bucketIndex() {
        return place().distance(place()).log2();
    }
}
