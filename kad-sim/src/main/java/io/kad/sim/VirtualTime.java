package io.kad.sim;

import io.kad.api.spi.Cancellable;
import io.kad.core.runtime.Timer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;

/**
 * Time that passes only when everything due at one moment is done.
 *
 * <p>Tasks run in the order of their moments, and of one moment in the order in which they were given. Not thread-safe: whoever advances
 * it runs all tasks.
 */
final class VirtualTime implements Executor, Timer, InstantSource {

    private static final Instant BEGINNING = Instant.parse("2024-01-01T00:00:00Z");

    private final PriorityQueue<Due> tasks = new PriorityQueue<>();
    private long nowNanos;
    private long given;

    /** Makes a time that begins at 0, and at the same instant of the wall clock each time. */
    public VirtualTime() {}

    private static final class Due implements Comparable<Due> {

        private final long atNanos;
        private final long number;
        private final Runnable task;
        private boolean cancelled;

        Due(long atNanos, long number, Runnable task) {
            this.atNanos = atNanos;
            this.number = number;
            this.task = task;
        }

        @Override
        public int compareTo(Due other) {
            return atNanos != other.atNanos ? Long.compare(atNanos, other.atNanos) : Long.compare(number, other.number);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }

    /** Returns the nanoseconds that have passed. */
    public long nanos() {
        return nowNanos;
    }

    @Override
    public Instant instant() {
        return BEGINNING.plusNanos(nowNanos);
    }

    @Override
    public void execute(Runnable task) {
        schedule(0, task);
    }

    @Override
    public Cancellable schedule(long delayNanos, Runnable task) {
        Due due = new Due(nowNanos + Math.max(0, delayNanos), given++, task);
        tasks.add(due);
        return () -> due.cancelled = true;
    }

    /** Runs the next task, moving on to its moment, and returns whether there was one. */
    public boolean step() {
        Due due = tasks.poll();
        if (due == null) {
            return false;
        }
        nowNanos = due.atNanos;
        if (!due.cancelled) {
            due.task.run();
        }
        return true;
    }

    /** Runs every task that is due within {@code nanos} from now, and moves on to that moment. */
    public void advance(long nanos) {
        long until = nowNanos + nanos;
        Due next = tasks.peek();
        while (next != null && next.atNanos <= until) {
            step();
            next = tasks.peek();
        }
        nowNanos = until;
    }
}
