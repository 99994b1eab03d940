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
 * Thread pools that all peers of a process share. They start with the first peer and end with the last one, so that many peers need few
 * threads. Thread-safe.
 */
public final class SharedThreads {

    /** Limit of the store calls that wait for a thread; further ones are rejected. */
    static final int MAX_WAITING_STORE_CALLS = 4096;

    /** Threads of the callbacks of one peer, for each core. If too low, callbacks that block delay others of that peer. Source: kad's choice. */
    static final int CALLBACK_THREADS_PER_CORE = 2;

    private static final long CLOSE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long IDLE_SECONDS = 1;
    private static final SharedThreads INSTANCE = new SharedThreads();

    private @Nullable Pools pools;
    private int users;

    private SharedThreads() {}

    /** Thread pools by purpose. */
    public record Pools(
            ExecutorService engine, ExecutorService store, ScheduledThreadPoolExecutor timer, Threads threads) {

        private static Pools start() {
            Threads threads = new Threads();
            int cores = Runtime.getRuntime().availableProcessors();
            ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, threads.named("kad-timer"));
            timer.setRemoveOnCancelPolicy(true);
            timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            return new Pools(
                    // At most one drain of each peer waits
                    Executors.newFixedThreadPool(cores, threads.named("kad-engine")),
                    pool(2 * cores, new ArrayBlockingQueue<>(MAX_WAITING_STORE_CALLS), threads.named("kad-store")),
                    timer,
                    threads);
        }

        private static ThreadPoolExecutor pool(int size, BlockingQueue<Runnable> waiting, ThreadFactory factory) {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    size, size, IDLE_SECONDS, TimeUnit.SECONDS, waiting, factory, new ThreadPoolExecutor.AbortPolicy());
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }

        /** Returns a new pool for the callbacks of one peer, so that callbacks that block hold up no other peer; it has no thread while idle. */
        public ExecutorService newCallbackPool() {
            // Waiting callbacks are bounded by the operations of the users, and by the buffers of their subscriptions
            return pool(
                    CALLBACK_THREADS_PER_CORE * Runtime.getRuntime().availableProcessors(),
                    new LinkedBlockingQueue<>(),
                    threads.named("kad-callback"));
        }

        /** Ends a pool of callbacks, and waits up to 5 s for its tasks, unless one of them is the caller. */
        public void end(ExecutorService callbackPool) {
            callbackPool.shutdown();
            if (threads.areCurrent()) {
                return;
            }
            try {
                if (!callbackPool.awaitTermination(CLOSE_TIMEOUT_NANOS, TimeUnit.NANOSECONDS)) {
                    callbackPool.shutdownNow();
                }
            } catch (InterruptedException e) {
                callbackPool.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }

        private void end() {
            // In the order in which tasks flow, so that results of running tasks still reach the users
            List<ExecutorService> all = List.of(timer, engine, store);
            all.forEach(ExecutorService::shutdown);
            if (threads.areCurrent()) {
                // A user closes the last peer in a callback: that thread can't wait for itself, so it ends later
                return;
            }
            try {
                long deadline = System.nanoTime() + CLOSE_TIMEOUT_NANOS;
                for (ExecutorService pool : all) {
                    if (!pool.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        pool.shutdownNow();
                    }
                }
                threads.join(deadline);
            } catch (InterruptedException e) {
                all.forEach(ExecutorService::shutdownNow);
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Threads of all pools. A pool terminates slightly before its last thread does, so that the threads are joined too. */
    private static final class Threads {

        private final Set<Thread> started = ConcurrentHashMap.newKeySet();

        ThreadFactory named(String name) {
            AtomicInteger number = new AtomicInteger();
            return task -> {
                Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                thread.setDaemon(true);
                started.removeIf(candidate -> candidate.getState() == Thread.State.TERMINATED);
                started.add(thread);
                return thread;
            };
        }

        boolean areCurrent() {
            return started.contains(Thread.currentThread());
        }

        void join(long deadlineNanos) throws InterruptedException {
            for (Thread thread : started) {
                long remaining = deadlineNanos - System.nanoTime();
                if (remaining > 0) {
                    TimeUnit.NANOSECONDS.timedJoin(thread, remaining);
                }
            }
        }
    }

    /** Returns the pools; the caller must {@linkplain #release() release} them once. */
    public static Pools acquire() {
        return INSTANCE.addUser();
    }

    /** Releases the pools. The last release ends them, and waits up to 5 s for their tasks. */
    public static void release() {
        INSTANCE.removeUser();
    }

    private synchronized Pools addUser() {
        Pools current = pools;
        if (current == null) {
            current = Pools.start();
            pools = current;
        }
        users++;
        return current;
    }

    private void removeUser() {
        Pools idle = null;
        synchronized (this) {
            users--;
            if (users == 0) {
                idle = pools;
                pools = null;
            }
        }
        if (idle != null) {
            idle.end();
        }
    }
}
