package io.kad.bench.store;

import java.nio.file.Path;
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

/** Benchmark of writing records and provider records in batches, and of opening the stores afterwards. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx6g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@State(Scope.Benchmark)
public class StoreFillBenchmark {

    private static final int RECORD_BATCH = 100;
    private static final int PROVIDER_BATCH = 1000;

    /** Kind of the stores. */
    @Param({"kad", "bare"})
    private String stores = "kad";

    /** Number of records of 1 KiB. */
    @Param("100000")
    private int records;

    /** Number of provider records, ten per key. */
    @Param("1000000")
    private int providers;

    private StoreWorkload workload = new StoreWorkload(0, 0);
    private TemporaryDirectory directory = new TemporaryDirectory(Path.of("unused"));
    private BenchmarkStores open = new ClosedStores();

    /** Creates the workload, after the check that both kinds of stores write the same content. */
    @Setup(Level.Trial)
    public void prepare() throws Exception {
        ContentCheck.check();
        workload = new StoreWorkload(records, providers);
    }

    /** Creates an empty database. */
    @Setup(Level.Iteration)
    public void begin() throws Exception {
        directory = TemporaryDirectory.create();
        open = BenchmarkStores.open(stores, directory.path());
    }

    /** Prints the size and the time to open, and deletes the database. */
    @TearDown(Level.Iteration)
    public void end() throws Exception {
        System.gc();
        long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        open.close();
        long bytes = TemporaryDirectory.databaseBytes(BenchmarkStores.database(directory.path()));
        long startNanos = System.nanoTime();
        BenchmarkStores.open(stores, directory.path()).close();
        System.out.printf(
                "%s: %d bytes on the disk, %d MiB heap with the workload, opened and closed in %d ms%n",
                stores, bytes, heap >> 20, (System.nanoTime() - startNanos) / 1_000_000);
        directory.close();
    }

    /** Writes the records. */
    @Benchmark
    public void writeRecords() throws Exception {
        for (var batch : StoreWorkload.batches(workload.records(), RECORD_BATCH)) {
            open.putAll(batch);
        }
    }

    /** Writes the provider records. */
    @Benchmark
    public void writeProviders() throws Exception {
        for (var batch : StoreWorkload.batches(workload.providers(), PROVIDER_BATCH)) {
            open.addAll(batch);
        }
    }
}
