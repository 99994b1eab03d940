package io.kad.node.diagnose;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Operations and probes of a diagnosis that are running: its end cancels them, and lets nothing new begin. Thread-safe. */
final class RunningWork {

    private final Executor threads;
    private final List<CompletableFuture<?>> running = new ArrayList<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Number of open probes and of steps that nothing can cancel, and one more until the end. */
    private int open = 1;

    private boolean hasEnded;

    /** Creates the work of a diagnosis, whose steps that wait run on {@code threads}. */
    RunningWork(Executor threads) {
        this.threads = threads;
    }

    /** Returns the threads of the steps that wait. */
    Executor threads() {
        return threads;
    }

    /** Starts an operation, which the end cancels; after the end it is not started, and the future is cancelled. */
    <T> CompletableFuture<T> start(Supplier<CompletableFuture<T>> operation) {
        if (hasEnded()) {
            return CompletableFuture.failedFuture(new CancellationException());
        }
        CompletableFuture<T> started = operation.get();
        if (!add(started)) {
            started.cancel(false);
        }
        var unused = started.whenComplete((result, failure) -> remove(started));
        return started;
    }

    private synchronized boolean hasEnded() {
        return hasEnded;
    }

    private synchronized boolean add(CompletableFuture<?> started) {
        return !hasEnded && running.add(started);
    }

    private synchronized void remove(CompletableFuture<?> ended) {
        running.removeIf(operation -> operation == ended);
    }

    /**
     * Counts a probe, or a step that nothing can cancel, which is about to begin, and for which {@link #release} must be called; false after the end,
     * when there may be none.
     */
    synchronized boolean hold() {
        if (hasEnded) {
            return false;
        }
        open++;
        return true;
    }

    /** Says that a probe is closed, or a step has returned. */
    void release() {
        boolean isLast;
        synchronized (this) {
            open--;
            isLast = open == 0;
        }
        if (isLast) {
            closed.complete(null);
        }
    }

    /** Ends the diagnosis. Has no effect after the first time. */
    void end() {
        List<CompletableFuture<?>> left;
        synchronized (this) {
            if (hasEnded) {
                return;
            }
            hasEnded = true;
            left = List.copyOf(running);
        }
        left.forEach(operation -> operation.cancel(false));
        release();
    }

    /** Returns a future that completes after the end, when all probes are closed and all steps have returned too. */
    CompletableFuture<Void> closed() {
        return closed.copy();
    }
}
