package io.kad.core.runtime;

import io.kad.api.spi.transport.Cancellable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;

/** Time and executors that move only when a test says so, in its thread. Tasks may come from any thread. */
public final class ManualEnvironment {

    static final Instant EPOCH = Instant.parse("2025-06-01T00:00:00Z");

    public final Queue<Runnable> engine = new ConcurrentLinkedQueue<>();
    public final Queue<Runnable> store = new ConcurrentLinkedQueue<>();
    public final Queue<Runnable> callbacks = new ConcurrentLinkedQueue<>();
    public final List<Alert> timers = new ArrayList<>();
    public boolean storeIsFull;
    private long nanos;

    public record Alert(long nanos, Runnable task) {}

    public Environment environment() {
        return new Environment(
                engine::add, this::takeStoreCall, callbacks::add, this::schedule, () -> nanos, this::wall, 42);
    }

    private void takeStoreCall(Runnable call) {
        if (storeIsFull) {
            throw new RejectedExecutionException("full");
        }
        store.add(call);
    }

    private Cancellable schedule(long delayNanos, Runnable task) {
        Alert alert = new Alert(nanos + delayNanos, task);
        timers.add(alert);
        return () -> timers.remove(alert);
    }

    Instant wall() {
        return EPOCH.plusNanos(nanos);
    }

    public long nanos() {
        return nanos;
    }

    /** Runs everything that can run without time passing. */
    public void settle() {
        while (runNext(engine) || runNext(store) || runNext(callbacks)) {}
    }

    public void runEngine() {
        while (runNext(engine)) {}
    }

    public void runCallbacks() {
        while (runNext(callbacks)) {}
    }

    public static boolean runNext(Queue<Runnable> tasks) {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    /** Lets time pass within a call, so that nothing happens meanwhile. */
    void stall(long duration) {
        nanos += duration;
    }

    /** Lets time pass, with all that happens meanwhile. */
    public void pass(long duration) {
        long end = nanos + duration;
        settle();
        for (Alert next = earliest(); next != null && next.nanos() <= end; next = earliest()) {
            timers.remove(next);
            nanos = Math.max(nanos, next.nanos());
            next.task().run();
            settle();
        }
        nanos = end;
    }

    private Alert earliest() {
        return timers.stream().min(Comparator.comparingLong(Alert::nanos)).orElse(null);
    }
}
