package io.kad.sim.network;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Thread that lets virtual time run with real time, under a lock that other threads take to use the simulation. */
final class RealTimeDriver {

    private static final int STEP_MILLIS = 1;

    private final VirtualTime time;
    private final ReentrantLock lock = new ReentrantLock();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private long startNanos;

    RealTimeDriver(VirtualTime time) {
        this.time = time;
    }

    void start() {
        startNanos = System.nanoTime();
        var unused = thread.scheduleAtFixedRate(
                () -> run(() -> time.advance(Math.max(0, System.nanoTime() - startNanos - time.nanos()))),
                STEP_MILLIS,
                STEP_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    void stop() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the thread of the virtual time has not ended");
        }
    }

    void run(Runnable task) {
        lock.lock();
        try {
            task.run();
        } finally {
            lock.unlock();
        }
    }

    <T> T locked(Supplier<T> supplier) {
        lock.lock();
        try {
            return supplier.get();
        } finally {
            lock.unlock();
        }
    }
}
