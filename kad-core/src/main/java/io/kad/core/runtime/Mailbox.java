package io.kad.core.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks from any thread one at a time, in order, on an executor.
 *
 * <p>No thread of its own: it asks the executor for a turn when there is something to do, and gives it back after {@value
 * #TASKS_PER_TURN} tasks, so that many of them share few threads fairly. What waits is bounded by who posts: outcomes by what was
 * asked for, transport events by connections, and what others could send without end by the limit of {@link #post(Runnable, int)}.
 *
 * <p>A task that throws ends its turn, as it would end a thread; the tasks behind it get another one.
 */
final class Mailbox {

    /** Tasks that are run before others get their turn. */
    static final int TASKS_PER_TURN = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private final Executor executor;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Tasks that wait or run, and until it is opened one more. */
    private final AtomicInteger pending = new AtomicInteger(1);

    /** Makes a mailbox that takes tasks, and runs them once it is {@linkplain #open opened}. */
    Mailbox(Executor executor) {
        this.executor = executor;
    }

    /** Runs {@code first} here and now, before everything that was posted; called once. */
    void open(Runnable first) {
        try {
            first.run();
        } finally {
            done(1);
        }
    }

    /** Takes {@code task}, unless {@code limit} or more are waiting; returns whether it did. */
    boolean post(Runnable task, int limit) {
        if (pending.get() >= limit) {
            return false;
        }
        post(task);
        return true;
    }

    /** Takes {@code task}. */
    void post(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            scheduleDrain();
        }
    }

    private void scheduleDrain() {
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException ended) {
            LOG.debug("the executor takes no more tasks: {}", ended.toString());
        }
    }

    private void drain() {
        int run = 0;
        try {
            while (run < TASKS_PER_TURN) {
                Runnable task = tasks.poll();
                if (task == null) {
                    break;
                }
                run++;
                task.run();
            }
        } finally {
            done(run);
        }
    }

    private void done(int run) {
        if (pending.addAndGet(-run) > 0) {
            scheduleDrain();
        }
    }
}
