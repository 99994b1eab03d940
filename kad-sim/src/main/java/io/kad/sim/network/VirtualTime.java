package io.kad.sim.network;

import io.kad.api.spi.transport.Cancellable;
import io.kad.core.runtime.Scheduler;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * Time that passes only when everything due at one moment is done.
 *
 * <p>What is to be executed comes first, in the order in which it was given; then timers, in the order of their moments, and of one
 * moment in the order in which they were set. Not thread-safe: whoever advances it runs all tasks.
 */
@SuppressWarnings("exports") // the environment of the core is for the simulator alone
public final class VirtualTime implements Executor, Scheduler, InstantSource {

    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
    private static final int INITIAL_CAPACITY = 1024;
    private static final int NOT_SCHEDULED = -1;

    private final Deque<Runnable> ready = new ArrayDeque<>();
    /** A binary heap, the earliest first. */
    private ScheduledTask[] timers = new ScheduledTask[INITIAL_CAPACITY];

    private int count;
    private long nowNanos;
    private long nextNumber;

    /** Makes a clock that stands at its beginning. */
    public VirtualTime() {}

    /** A timer that is set; it can be taken back, which leaves nothing behind. */
    private final class ScheduledTask implements Cancellable {

        private final long atNanos;
        private final long number;
        private final Runnable task;
        private int position = NOT_SCHEDULED;

        ScheduledTask(long atNanos, long number, Runnable task) {
            this.atNanos = atNanos;
            this.number = number;
            this.task = task;
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

    /** Returns the nanoseconds that have passed. */
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
    public Cancellable schedule(long delayNanos, Runnable task) {
        ScheduledTask due = new ScheduledTask(nowNanos + Math.max(0, delayNanos), nextNumber++, task);
        if (count == timers.length) {
            timers = Arrays.copyOf(timers, 2 * count);
        }
        siftUp(due, count++);
        return due;
    }

    /** Runs the next task, moving on to its moment, and returns whether there was one. */
    boolean step() {
        return stepUntil(Long.MAX_VALUE);
    }

    /** Runs every task that is due within {@code nanos} from now, and moves on to that moment. */
    public void advance(long nanos) {
        long until = nowNanos + nanos;
        while (stepUntil(until)) {}
        nowNanos = until;
    }

    /** Runs the next task if it is due by {@code lastNanos}, and returns whether it was. */
    public boolean stepUntil(long lastNanos) {
        Runnable next = ready.poll();
        if (next == null) {
            if (count == 0 || timers[0].atNanos > lastNanos) {
                return false;
            }
            ScheduledTask due = timers[0];
            remove(0);
            nowNanos = due.atNanos;
            next = due.task;
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

    private void siftUp(ScheduledTask due, int from) {
        int position = from;
        while (position > 0 && due.isBefore(timers[(position - 1) / 2])) {
            put(timers[(position - 1) / 2], position);
            position = (position - 1) / 2;
        }
        put(due, position);
    }

    private void siftDown(ScheduledTask due, int from) {
        int position = from;
        while (2 * position + 1 < count) {
            int child = 2 * position + 1;
            if (child + 1 < count && timers[child + 1].isBefore(timers[child])) {
                child++;
            }
            if (!timers[child].isBefore(due)) {
                break;
            }
            put(timers[child], position);
            position = child;
        }
        put(due, position);
    }

    private void put(ScheduledTask due, int position) {
        timers[position] = due;
        due.position = position;
    }
}
