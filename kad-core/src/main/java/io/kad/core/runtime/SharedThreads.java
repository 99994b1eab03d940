package io.kad.core.runtime;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads that all peers of a process share: there as long as one peer is open, so that a hundred peers need no hundred threads,
 * and gone when the last is closed.
 */
final class SharedThreads {

    /** Calls to stores that may wait for a thread; one more is refused. */
    static final int MAX_WAITING_STORE_CALLS = 4096;

    private static final long CLOSE_SECONDS = 5;
    private static final SharedThreads INSTANCE = new SharedThreads();

    private @Nullable Pools pools;
    private int users;

    private SharedThreads() {}

    /** The threads, by what they do. */
    record Pools(
            ExecutorService engine,
            ExecutorService store,
            ExecutorService callback,
            ScheduledThreadPoolExecutor timer) {

        private static Pools start() {
            int cores = Runtime.getRuntime().availableProcessors();
            ThreadPoolExecutor store = new ThreadPoolExecutor(
                    cores * 2,
                    cores * 2,
                    1,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(MAX_WAITING_STORE_CALLS),
                    named("kad-store"),
                    new ThreadPoolExecutor.AbortPolicy());
            store.allowCoreThreadTimeOut(true);
            // What is told to users is bounded by what they asked for, and by the buffers of their subscriptions
            ThreadPoolExecutor callback = new ThreadPoolExecutor(
                    cores * 2, cores * 2, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("kad-callback"));
            callback.allowCoreThreadTimeOut(true);
            ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("kad-timer"));
            timer.setRemoveOnCancelPolicy(true);
            // At most one turn of each peer waits
            ExecutorService engine = Executors.newFixedThreadPool(cores, named("kad-engine"));
            return new Pools(engine, store, callback, timer);
        }

        private void end() {
            // In the order in which work flows, so that what is under way can still be told
            List<ExecutorService> all = List.of(timer, engine, store, callback);
            all.forEach(ExecutorService::shutdown);
            if (Thread.currentThread() instanceof PoolThread) {
                // A user closes the last peer in a callback: that thread can't wait for itself, and ends afterwards
                return;
            }
            try {
                for (ExecutorService pool : all) {
                    if (!pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                        pool.shutdownNow();
                    }
                }
            } catch (InterruptedException interrupted) {
                all.forEach(ExecutorService::shutdownNow);
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A thread of these pools. */
    private static final class PoolThread extends Thread {

        PoolThread(Runnable task, String name) {
            super(task, name);
            setDaemon(true);
        }
    }

    /** Returns the threads, to be {@linkplain #release() released} once. */
    static Pools acquire() {
        return INSTANCE.use();
    }

    /** Gives the threads back; with the last user they end, which is waited for. */
    static void release() {
        INSTANCE.leave();
    }

    private synchronized Pools use() {
        Pools current = pools;
        if (current == null) {
            current = Pools.start();
            pools = current;
        }
        users++;
        return current;
    }

    private void leave() {
        Pools last = null;
        synchronized (this) {
            users--;
            if (users == 0) {
                last = pools;
                pools = null;
            }
        }
        if (last != null) {
            last.end();
        }
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> new PoolThread(task, name + "-" + number.incrementAndGet());
    }
}
