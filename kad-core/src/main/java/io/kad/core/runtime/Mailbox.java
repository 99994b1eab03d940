package io.kad.core.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queue of tasks from any thread, which run one at a time, in order, on an executor. Thread-safe.
 *
 * <p>A mailbox has no separate thread. It schedules a drain on the executor when tasks are waiting, and schedules the next one after
 * {@value #TASKS_PER_DRAIN} tasks, so that many mailboxes share few threads fairly. The number of waiting tasks is bounded by their sources:
 * results by the requests in flight, transport events by the connections, and events that remote peers can cause without bound by the limit
 * of {@link #post(Runnable, int)}.
 *
 * <p>A task that throws, which is a defect, is logged; the tasks behind it run.
 */
final class Mailbox {

    /** Limit of the tasks of one drain. If too high, other mailboxes wait long; if too low, scheduling costs more than the tasks. */
    static final int TASKS_PER_DRAIN = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private final Executor executor;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Number of tasks that wait or run, plus 1 until {@link #open}. */
    private final AtomicInteger pending = new AtomicInteger(1);

    /** Creates a mailbox that queues tasks, and runs them after {@link #open}. */
    Mailbox(Executor executor) {
        this.executor = executor;
    }

    /** Runs {@code first} on the calling thread, before all posted tasks. Called once. */
    void open(Runnable first) {
        try {
            first.run();
        } finally {
            tasksRun(1);
        }
    }

    /** Adds {@code task}, unless {@code limit} or more tasks are waiting; returns whether it did. */
    boolean post(Runnable task, int limit) {
        if (pending.get() >= limit) {
            return false;
        }
        post(task);
        return true;
    }

    /** Adds {@code task}. */
    void post(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            scheduleDrain();
        }
    }

    private void scheduleDrain() {
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            LOG.debug("executor rejected a drain: {}", e.toString());
        }
    }

    private void drain() {
        int count = 0;
        try {
            while (count < TASKS_PER_DRAIN) {
                Runnable task = tasks.poll();
                if (task == null) {
                    break;
                }
                count++;
                run(task);
            }
        } finally {
            tasksRun(count);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable fault) {
            LOG.error("task of the engine failed", fault);
        }
    }

    private void tasksRun(int count) {
        if (pending.addAndGet(-count) > 0) {
            scheduleDrain();
        }
    }
}
