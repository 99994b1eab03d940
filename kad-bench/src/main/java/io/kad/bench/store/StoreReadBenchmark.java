package io.kad.bench.store;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Benchmark of random reads of records and of the providers of a key, from a database much larger than its cache. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx6g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Benchmark)
public class StoreReadBenchmark {

    private static final int BATCH = 1000;

    /** Kind of the stores. */
    @Param({"kad", "bare"})
    private String stores = "kad";

    /** Number of records of 1 KiB. */
    @Param("100000")
    private int records;

    /** Number of provider records, ten per key. */
    @Param("1000000")
    private int providers;

    private final Random random = new Random(3);
    private TemporaryDirectory directory = new TemporaryDirectory(Path.of("unused"));
    private BenchmarkStores open = new ClosedStores();

    /** Writes the workload. */
    @Setup(Level.Trial)
    public void fill() throws Exception {
        StoreWorkload workload = new StoreWorkload(records, providers);
        directory = TemporaryDirectory.create();
        open = BenchmarkStores.open(stores, directory.path());
        open.writeAll(workload, BATCH);
    }

    /** Deletes the database. */
    @TearDown(Level.Trial)
    public void remove() throws Exception {
        open.close();
        directory.close();
    }

    /** Reads one record. */
    @Benchmark
    public Object readRecord() throws Exception {
        return open.get(StoreWorkload.key(random.nextInt(records)));
    }

    /** Reads the ten providers of a key. */
    @Benchmark
    public Object readProviders() throws Exception {
        return open.providers(StoreWorkload.key(random.nextInt(providers / StoreWorkload.PROVIDERS_PER_KEY)), 20);
    }
}
