package io.kad.core.event;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait for one subscriber, bounded by bytes. If a finding does not fit, other events are dropped for it, oldest first; any
 * other event that does not fit is dropped. An empty buffer takes one event of any size. Used by one thread at a time.
 */
final class EventBuffer<E> {

    private final EventWeigher<E> weigher;
    private final long maxBytes;
    private final EventBudget budget;
    private final AtomicLong dropped;
    private final Deque<E> events = new ArrayDeque<>();
    private EventBudget.@Nullable Account account;
    private long bytes;

    /**
     * Creates an empty buffer.
     *
     * @param dropped counts the dropped events
     */
    EventBuffer(EventWeigher<E> weigher, long maxBytes, EventBudget budget, AtomicLong dropped) {
        this.weigher = weigher;
        this.maxBytes = maxBytes;
        this.budget = budget;
        this.dropped = dropped;
    }

    /** Adds {@code event}, or drops it. */
    void offer(E event) {
        int size = weigher.bytes(event);
        if (!reserve(size) && !(weigher.isFinding(event) && makeRoom(size))) {
            dropped.incrementAndGet();
            return;
        }
        events.add(event);
    }

    /** Adds {@code event}, which is the last one, even if it exceeds the bounds. */
    void addLast(E event) {
        var unused = reserve(weigher.bytes(event));
        events.add(event);
    }

    private boolean reserve(int size) {
        boolean fits = events.isEmpty() || bytes + size <= maxBytes;
        if (!fits) {
            return false;
        }
        EventBudget.Account used = account;
        if (used == null) {
            used = budget.open(this);
            account = used;
        }
        if (!budget.reserve(used, size)) {
            return false;
        }
        bytes += size;
        return true;
    }

    private boolean makeRoom(int size) {
        Iterator<E> oldestFirst = events.iterator();
        while (oldestFirst.hasNext()) {
            E candidate = oldestFirst.next();
            if (!weigher.isFinding(candidate)) {
                oldestFirst.remove();
                release(candidate);
                dropped.incrementAndGet();
                if (reserve(size)) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /** Removes and returns the oldest event. The buffer must not be empty. */
    E remove() {
        E event = events.remove();
        release(event);
        return event;
    }

    private void release(E event) {
        EventBudget.Account used = account;
        if (used != null) {
            // The last event may have been added without a reservation
            long size = Math.min(weigher.bytes(event), bytes);
            bytes -= size;
            budget.release(used, size);
        }
    }

    /** Removes all events and frees their bytes. */
    void clear() {
        events.clear();
        bytes = 0;
        EventBudget.Account used = account;
        if (used != null) {
            budget.close(used);
            account = null;
        }
    }
}
