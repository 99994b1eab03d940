package io.kad.transport.netty.stream;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deadlines of the timers of one connection and its streams, which share one task of the event loop: scheduled for the earliest of them, it looks at
 * all, runs those that have passed, and is scheduled again.
 *
 * <p>A deadline that is moved to a later time, as with each request of a stream, or that is cancelled while there are others, leaves the task where
 * it is; the task then finds nothing to do, once. So an action runs as punctually as with a task of its own. The number of timers is limited by that of
 * the streams. Confined to one event loop.
 */
final class DeadlineSweep {

    private static final Logger LOG = LoggerFactory.getLogger(DeadlineSweep.class);
    private static final AttributeKey<DeadlineSweep> ATTRIBUTE = AttributeKey.valueOf(DeadlineSweep.class, "sweep");

    private final EventExecutor executor;
    private final Runnable sweep = this::sweep;
    private @Nullable StreamTimer first;
    private @Nullable Future<?> task;
    private long taskNanos;

    /** Creates a sweep without deadlines, whose task runs on {@code executor}. */
    DeadlineSweep(EventExecutor executor) {
        this.executor = executor;
    }

    /** Returns the sweep of the connection of {@code channel}, which is a stream, or a connection itself. */
    static DeadlineSweep of(Channel channel) {
        Channel connection = connectionOf(channel);
        DeadlineSweep present = connection.attr(ATTRIBUTE).get();
        if (present != null) {
            return present;
        }
        DeadlineSweep created = new DeadlineSweep(connection.eventLoop());
        connection.attr(ATTRIBUTE).set(created);
        return created;
    }

    private static Channel connectionOf(Channel channel) {
        Channel parent = channel.parent();
        boolean isStream = parent != null
                && !(parent instanceof ServerChannel)
                && parent.eventLoop().equals(channel.eventLoop());
        return isStream ? parent : channel;
    }

    /** Sets the deadline of {@code timer}. */
    void schedule(StreamTimer timer, long delayNanos) {
        timer.deadlineNanos = now() + delayNanos;
        if (!timer.isLinked) {
            link(timer);
        }
        ensureTask(timer.deadlineNanos);
    }

    /** Removes {@code timer}; has no effect if it is not here. */
    void remove(StreamTimer timer) {
        if (timer.isLinked) {
            unlink(timer);
            endIfUnused();
        }
    }

    private void endIfUnused() {
        Future<?> scheduled = task;
        if (first == null && scheduled != null) {
            task = null;
            scheduled.cancel(false);
        }
    }

    private void ensureTask(long deadlineNanos) {
        Future<?> scheduled = task;
        if (scheduled != null) {
            if (deadlineNanos - taskNanos >= 0) {
                return;
            }
            scheduled.cancel(false);
        }
        taskNanos = deadlineNanos;
        task = executor.schedule(sweep, deadlineNanos - now(), TimeUnit.NANOSECONDS);
    }

    private void sweep() {
        task = null;
        List<StreamTimer> due = takeDue(now());
        due.sort((one, other) -> Long.signum(one.deadlineNanos - other.deadlineNanos));
        for (StreamTimer timer : due) {
            try {
                timer.runIfDue();
            } catch (Throwable e) { // or the other timers would be lost
                LOG.error("timer of a stream failed", e);
            }
        }
        scheduleEarliest();
    }

    private void scheduleEarliest() {
        StreamTimer earliest = first;
        if (earliest == null) {
            return;
        }
        for (StreamTimer timer = earliest.next; timer != null; timer = timer.next) {
            if (timer.deadlineNanos - earliest.deadlineNanos < 0) {
                earliest = timer;
            }
        }
        ensureTask(earliest.deadlineNanos);
    }

    private List<StreamTimer> takeDue(long now) {
        List<StreamTimer> due = new ArrayList<>();
        StreamTimer timer = first;
        while (timer != null) {
            StreamTimer next = timer.next;
            if (timer.deadlineNanos - now <= 0) {
                unlink(timer);
                timer.isDue = true;
                due.add(timer);
            }
            timer = next;
        }
        Collections.reverse(due); // the one that was added first
        return due;
    }

    private void link(StreamTimer timer) {
        StreamTimer second = first;
        timer.isLinked = true;
        timer.next = second;
        if (second != null) {
            second.previous = timer;
        }
        first = timer;
    }

    private void unlink(StreamTimer timer) {
        StreamTimer before = timer.previous;
        StreamTimer after = timer.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        timer.previous = null;
        timer.next = null;
        timer.isLinked = false;
    }

    private long now() {
        return executor.ticker().nanoTime();
    }
}
