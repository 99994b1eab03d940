package io.kad.node.sim;

import io.kad.node.output.ErrorCode;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import io.kad.sim.chaos.ChaosResult;
import io.kad.sim.chaos.ChaosRun;
import io.kad.sim.network.TraceHash;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * Runs of many small networks with every fault on and encoded messages, one per seed, on all processors; each run checks the invariants.
 */
final class ChaosSearch {

    private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();
    /** Every tenth seed is run twice to compare the two runs; the tests run all of theirs twice. */
    private static final int TWICE_EACH = 10;

    private final Output output;
    private final TimeLimit limit;

    ChaosSearch(Output output, TimeLimit limit) {
        this.output = output;
        this.limit = limit;
    }

    int run(int count, long first) {
        long beganNanos = System.nanoTime();
        AtomicInteger done = new AtomicInteger();
        AtomicLong progressNanos = new AtomicLong(beganNanos);
        List<ChaosResult> results = LongStream.range(0, count)
                .parallel()
                .mapToObj(i -> {
                    limit.check();
                    ChaosResult result = i % TWICE_EACH == 0
                            ? ChaosRun.runTwice(first + i, WireCodec::new)
                            : ChaosRun.runOnce(first + i, WireCodec::new);
                    limit.check(); // a network that ends too late is no news
                    result.violation().ifPresent(System.err::println);
                    progress(done.incrementAndGet(), count, progressNanos);
                    return result;
                })
                .toList();
        TraceHash trace = new TraceHash();
        results.forEach(result -> trace.add(result.traceHash()));
        long failed = results.stream()
                .filter(result -> result.violation().isPresent())
                .count();
        long seconds = (System.nanoTime() - beganNanos) / 1_000_000_000;
        output.write(
                OutputLine.line("sim")
                        .put("ok", failed == 0)
                        .put("seeds", count)
                        .put("first", first)
                        .put("failed", failed)
                        .put("encoded", true)
                        .put("trace", MetricsFormatter.trace(trace.value()))
                        .put("seconds", seconds),
                (failed == 0 ? "PASSED: " : "FAILED: " + failed + " of ") + count + " networks, first seed " + first
                        + ", " + seconds + " s");
        return failed == 0 ? 0 : ErrorCode.INTERNAL.exitCode();
    }

    private static void progress(int done, int of, AtomicLong progressNanos) {
        long last = progressNanos.get();
        long now = System.nanoTime();
        if (now - last > PROGRESS_NANOS && progressNanos.compareAndSet(last, now)) {
            System.err.println("chaos: " + done + " of " + of + " networks");
        }
    }
}
