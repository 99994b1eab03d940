package io.kad.tck.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Threads that do the same thing at the same time, over and over. */
public final class ConcurrentCalls {

    /** Longer than anything here takes, so that only a deadlock exceeds it. */
    private static final long PATIENCE_SECONDS = 60;

    private final Phaser start;
    private final int rounds;
    private final Step step;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private ConcurrentCalls(int threads, int rounds, Step step) {
        this.start = new Phaser(threads);
        this.rounds = rounds;
        this.step = step;
    }

    /** What one thread does in one round. */
    @FunctionalInterface
    public interface Step {
        void run(int thread, int round) throws Exception;
    }

    /**
     * Runs {@code step} in {@code threads} threads for {@code rounds} rounds; no thread begins a round before all have ended
     * the one before. A failure ends all.
     *
     * @throws AssertionError caused by the first failure of a step
     */
    public static void run(int threads, int rounds, Step step) throws Exception {
        ConcurrentCalls together = new ConcurrentCalls(threads, rounds, step);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                ends.add(executor.submit(() -> together.runRounds(thread)));
            }
            for (Future<?> end : ends) {
                end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
        Throwable first = together.failure.get();
        if (first != null) {
            throw new AssertionError("a thread failed: " + first, first);
        }
    }

    private void runRounds(int thread) {
        try {
            for (int round = 0; round < rounds && failure.get() == null; round++) {
                start.arriveAndAwaitAdvance();
                step.run(thread, round);
            }
        } catch (Throwable failed) {
            failure.compareAndSet(null, failed);
        } finally {
            start.arriveAndDeregister();
        }
    }
}
