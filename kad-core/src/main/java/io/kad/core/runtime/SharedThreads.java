package io.kad.core.runtime;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
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
public final class SharedThreads {

    /** Calls to stores that may wait for a thread; one more is refused. */
    static final int MAX_WAITING_STORE_CALLS = 4096;

    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long IDLE_SECONDS = 1;
    private static final SharedThreads INSTANCE = new SharedThreads();

    private @Nullable Pools pools;
    private int users;

    private SharedThreads() {}

    /** The threads, by what they do. */
    public record Pools(
            ExecutorService engine,
            ExecutorService store,
            ExecutorService callback,
            ScheduledThreadPoolExecutor timer,
            Threads threads) {

        private static Pools start() {
            Threads threads = new Threads();
            int cores = Runtime.getRuntime().availableProcessors();
            // What is told to users is bounded by what they asked for, and by the buffers of their subscriptions
            BlockingQueue<Runnable> callbacks = new LinkedBlockingQueue<>();
            ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, threads.named("kad-timer"));
            timer.setRemoveOnCancelPolicy(true);
            return new Pools(
                    // At most one turn of each peer waits
                    Executors.newFixedThreadPool(cores, threads.named("kad-engine")),
                    pool(2 * cores, new ArrayBlockingQueue<>(MAX_WAITING_STORE_CALLS), threads.named("kad-store")),
                    pool(2 * cores, callbacks, threads.named("kad-callback")),
                    timer,
                    threads);
        }

        private static ThreadPoolExecutor pool(int size, BlockingQueue<Runnable> waiting, ThreadFactory factory) {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    size, size, IDLE_SECONDS, TimeUnit.SECONDS, waiting, factory, new ThreadPoolExecutor.AbortPolicy());
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }

        private void end() {
            // In the order in which work flows, so that what is under way can still be told
            List<ExecutorService> all = List.of(timer, engine, store, callback);
            all.forEach(ExecutorService::shutdown);
            if (threads.areCurrent()) {
                // A user closes the last peer in a callback: that thread can't wait for itself, and ends afterwards
                return;
            }
            try {
                long deadline = System.nanoTime() + CLOSE_NANOS;
                for (ExecutorService pool : all) {
                    if (!pool.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        pool.shutdownNow();
                    }
                }
                threads.join(deadline);
            } catch (InterruptedException interrupted) {
                all.forEach(ExecutorService::shutdownNow);
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The threads of all pools: a pool has ended a moment before its last thread has. */
    private static final class Threads {

        private final Set<Thread> started = ConcurrentHashMap.newKeySet();

        ThreadFactory named(String name) {
            AtomicInteger number = new AtomicInteger();
            return task -> {
                Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                thread.setDaemon(true);
                started.removeIf(each -> each.getState() == Thread.State.TERMINATED);
                started.add(thread);
                return thread;
            };
        }

        boolean areCurrent() {
            return started.contains(Thread.currentThread());
        }

        void join(long deadlineNanos) throws InterruptedException {
            for (Thread thread : started) {
                long left = deadlineNanos - System.nanoTime();
                if (left > 0) {
                    TimeUnit.NANOSECONDS.timedJoin(thread, left);
                }
            }
        }
    }

    /** Returns the threads, to be {@linkplain #release() released} once. */
    public static Pools acquire() {
        return INSTANCE.use();
    }

    /** Gives the threads back; with the last user they end, which is waited for. */
    public static void release() {
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
}
