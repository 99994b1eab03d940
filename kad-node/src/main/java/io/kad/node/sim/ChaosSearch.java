package io.kad.node.sim;

import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import io.kad.sim.chaos.ChaosRun;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** Runs one small network full of faults for each seed, on all processors: nothing may break that must hold. */
final class ChaosSearch {

    private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();
    /** One of so many seeds is run twice, to see that both runs are the same; for tests all are. */
    private static final int TWICE_EACH = 10;

    private final Output output;

    ChaosSearch(Output output) {
        this.output = output;
    }

    int run(int count, long first) {
        if (count < 1) {
            throw new UsageException("--seeds: 1 or more is accepted, not " + count);
        }
        long beganNanos = System.nanoTime();
        AtomicInteger done = new AtomicInteger();
        AtomicLong saidNanos = new AtomicLong(beganNanos);
        List<String> problems = LongStream.range(0, count)
                .parallel()
                .mapToObj(i -> {
                    Optional<String> problem =
                            i % TWICE_EACH == 0 ? ChaosRun.problem(first + i) : ChaosRun.violation(first + i);
                    problem.ifPresent(System.err::println);
                    tell(done.incrementAndGet(), count, saidNanos);
                    return problem;
                })
                .flatMap(Optional::stream)
                .toList();
        output.write(OutputLine.line("sim")
                .put("ok", problems.isEmpty())
                .put("seeds", count)
                .put("first", first)
                .put("failed", problems.size())
                .put("seconds", (System.nanoTime() - beganNanos) / 1_000_000_000));
        return problems.isEmpty() ? 0 : ErrorCode.INTERNAL.exitCode();
    }

    private static void tell(int done, int of, AtomicLong saidNanos) {
        long said = saidNanos.get();
        long now = System.nanoTime();
        if (now - said > PROGRESS_NANOS && saidNanos.compareAndSet(said, now)) {
            System.err.println("seeds: " + done + " of " + of);
        }
    }
}
