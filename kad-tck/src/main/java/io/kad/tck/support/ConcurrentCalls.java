package io.kad.tck.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs of the same call in several threads concurrently, in rounds. */
public final class ConcurrentCalls {

    /** Longer than any test takes on a slow disk, so that only a deadlock exceeds it. */
    private static final long TIMEOUT_SECONDS = 600;

    private final Phaser start;
    private final int rounds;
    private final Step step;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private ConcurrentCalls(int threads, int rounds, Step step) {
        this.start = new Phaser(threads);
        this.rounds = rounds;
        this.step = step;
    }

    /** Call of one thread in one round. */
    @FunctionalInterface
    public interface Step {
        void run(int thread, int round) throws Exception;
    }

    /** Call of the writer or of the reader in one round. */
    @FunctionalInterface
    public interface Round {
        void run(int round) throws Exception;
    }

    /**
     * Runs {@code step} in {@code threads} threads for {@code rounds} rounds; no thread begins a round before all have ended
     * the one before. A failure ends all.
     *
     * @throws AssertionError caused by the first failure of a step
     */
    public static void run(int threads, int rounds, Step step) throws Exception {
        ConcurrentCalls calls = new ConcurrentCalls(threads, rounds, step);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                ends.add(executor.submit(() -> calls.runRounds(thread)));
            }
            for (Future<?> end : ends) {
                end.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
        Throwable first = calls.failure.get();
        if (first != null) {
            throw new AssertionError("a thread failed: " + first, first);
        }
    }

    /**
     * Runs {@code write} in one thread, once in each round. Another thread repeats {@code read} until the write of the round
     * has returned, so that a write which pauses is read during its pause.
     *
     * @throws AssertionError caused by the first failure of a step
     */
    @SuppressWarnings("ThreadPriorityCheck")
    public // on one core the writer would wait for the end of the reader's time slice
    static void readDuringWrites(int rounds, Round write, Round read) throws Exception {
        AtomicInteger written = new AtomicInteger();
        run(2, rounds, (thread, round) -> {
            if (thread == 0) {
                int next = Integer.MAX_VALUE;
                try {
                    write.run(round);
                    next = round + 1;
                } finally {
                    written.set(next);
                }
            } else {
                do {
                    read.run(round);
                    Thread.yield();
                } while (written.get() <= round && !Thread.currentThread().isInterrupted());
            }
        });
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
