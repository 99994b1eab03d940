package io.kad.sim.network;

import io.kad.api.spi.transport.Cancellable;
import io.kad.core.runtime.Scheduler;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;

/**
 * Clock, executor and scheduler on virtual time, which advances only when no task is ready.
 *
 * <p>Tasks for execution run first, in the order of their submission; then scheduled tasks in the order of their times, and those of the
 * same time in the order in which they were scheduled. Not thread-safe: the thread that advances the time runs all tasks.
 */
@SuppressWarnings("exports") // the environment of the core is for the simulator alone
public final class VirtualTime implements Executor, Scheduler, InstantSource {

    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
    private static final int INITIAL_CAPACITY = 1024;
    private static final int NOT_SCHEDULED = -1;

    private final Deque<Runnable> ready = new ArrayDeque<>();
    /** Binary heap, earliest task first. */
    private ScheduledTask[] timers = new ScheduledTask[INITIAL_CAPACITY];

    private int count;
    private long nowNanos;
    private long nextNumber;

    /** Creates a clock at time 0, which is 2024-01-01T00:00:00Z. */
    public VirtualTime() {}

    /** Scheduled task; cancelling removes it from the heap. */
    private final class ScheduledTask implements Cancellable {

        private final long atNanos;
        private final long number;
        private final Runnable action;
        private int position = NOT_SCHEDULED;

        ScheduledTask(long atNanos, long number, Runnable action) {
            this.atNanos = atNanos;
            this.number = number;
            this.action = action;
        }

        boolean isBefore(ScheduledTask other) {
            return atNanos != other.atNanos ? atNanos < other.atNanos : number < other.number;
        }

        @Override
        public void cancel() {
            if (position != NOT_SCHEDULED) {
                remove(position);
            }
        }
    }

    /** Returns the number of tasks that were ever scheduled. */
    public long scheduled() {
        return nextNumber;
    }

    /** Returns the nanoseconds since the creation of this clock. */
    public long nanos() {
        return nowNanos;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nowNanos);
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
    }

    @Override
    public Cancellable schedule(long delayNanos, Runnable action) {
        ScheduledTask task = new ScheduledTask(nowNanos + Math.max(0, delayNanos), nextNumber++, action);
        if (count == timers.length) {
            timers = Arrays.copyOf(timers, 2 * count);
        }
        siftUp(task, count++);
        return task;
    }

    /** Runs the next task, after advancing to its time, and returns whether there was one. */
    boolean step() {
        return stepUntil(Long.MAX_VALUE);
    }

    /** Advances by {@code nanos}, and runs every task that is scheduled until then. */
    public void advance(long nanos) {
        long until = nowNanos + nanos;
        while (stepUntil(until)) {}
        nowNanos = until;
    }

    /**
     * Runs the next task if its time is {@code lastNanos} or earlier, and returns whether it ran one.
     *
     * @throws CancellationException if the thread was interrupted; its mark is removed
     */
    public boolean stepUntil(long lastNanos) {
        if (Thread.interrupted()) {
            throw new CancellationException("the simulation was interrupted");
        }
        Runnable next = ready.poll();
        if (next == null) {
            if (count == 0 || timers[0].atNanos > lastNanos) {
                return false;
            }
            ScheduledTask task = timers[0];
            remove(0);
            nowNanos = task.atNanos;
            next = task.action;
        }
        next.run();
        return true;
    }

    private void remove(int position) {
        timers[position].position = NOT_SCHEDULED;
        ScheduledTask last = timers[--count];
        timers[count] = null;
        if (position == count) {
            return;
        }
        if (position > 0 && last.isBefore(timers[(position - 1) / 2])) {
            siftUp(last, position);
        } else {
            siftDown(last, position);
        }
    }

    private void siftUp(ScheduledTask task, int from) {
        int position = from;
        while (position > 0 && task.isBefore(timers[(position - 1) / 2])) {
            put(timers[(position - 1) / 2], position);
            position = (position - 1) / 2;
        }
        put(task, position);
    }

    private void siftDown(ScheduledTask task, int from) {
        int position = from;
        while (2 * position + 1 < count) {
            int child = 2 * position + 1;
            if (child + 1 < count && timers[child + 1].isBefore(timers[child])) {
                child++;
            }
            if (!timers[child].isBefore(task)) {
                break;
            }
            put(timers[child], position);
            position = child;
        }
        put(task, position);
    }

    private void put(ScheduledTask task, int position) {
        timers[position] = task;
        task.position = position;
    }
}
