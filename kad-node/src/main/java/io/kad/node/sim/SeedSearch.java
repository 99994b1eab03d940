package io.kad.node.sim;

import io.kad.node.option.InputException;
import io.kad.node.output.Answer;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.Output;
import io.kad.sim.chaos.ChaosRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs one small network full of faults for each seed, twice: nothing may break, and both runs must be the same. */
final class SeedSearch {

    private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int MAX_SHOWN = 10;

    private final Output output;

    SeedSearch(Output output) {
        this.output = output;
    }

    int run(int count, long first) {
        if (count < 1) {
            throw new InputException("--seeds: 1 or more is accepted, not " + count);
        }
        List<Long> failing = new ArrayList<>();
        long saidNanos = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long seed = first + i;
            if (!holds(seed)) {
                failing.add(seed);
                if (failing.size() == MAX_SHOWN) {
                    break;
                }
            }
            if (System.nanoTime() - saidNanos > PROGRESS_NANOS) {
                saidNanos = System.nanoTime();
                System.err.println("seeds: " + (i + 1) + " of " + count);
            }
        }
        var summary = Answer.line("sim")
                .put("ok", failing.isEmpty())
                .put("seeds", count)
                .put("first", first)
                .put("failed", failing.size());
        output.write(summary);
        return failing.isEmpty() ? 0 : ErrorCode.INTERNAL.exitCode();
    }

    private boolean holds(long seed) {
        try {
            long trace = ChaosRun.run(seed);
            if (ChaosRun.run(seed) == trace) {
                return true;
            }
            System.err.println("seed " + seed + ": two runs were not the same");
        } catch (RuntimeException | AssertionError broken) {
            System.err.println(broken);
        }
        System.err.println("replay it with: ./kad sim --seeds 1 --seed " + seed);
        return false;
    }
}
