package io.kad.core.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Priority queue of items by deadline, earliest first: a binary heap in which the deadline of an entry can change. Confined to one
 * thread at a time.
 *
 * @param <T> the items
 */
final class DeadlineQueue<T> {

    private final List<Entry<T>> heap = new ArrayList<>();

    /** Entry of an item in the queue. */
    static final class Entry<T> {
        private final T item;
        private long deadlineNanos = Long.MAX_VALUE;
        private int position;

        private Entry(T item) {
            this.item = item;
        }

        T item() {
            return item;
        }

        long deadlineNanos() {
            return deadlineNanos;
        }
    }

    /** Adds an item without a deadline. */
    Entry<T> add(T item) {
        Entry<T> entry = new Entry<>(item);
        entry.position = heap.size();
        heap.add(entry);
        return entry;
    }

    /** Changes the deadline of an entry that is in the queue; in monotonic nanoseconds. */
    void reschedule(Entry<T> entry, long deadlineNanos) {
        boolean earlier = deadlineNanos < entry.deadlineNanos;
        entry.deadlineNanos = deadlineNanos;
        if (earlier) {
            siftUp(entry);
        } else {
            siftDown(entry);
        }
    }

    /** Removes an entry. */
    void remove(Entry<T> entry) {
        Entry<T> last = heap.remove(heap.size() - 1);
        if (last != entry) {
            setPosition(last, entry.position);
            siftUp(last);
            siftDown(last);
        }
    }

    /** Returns the earliest deadline; {@link Long#MAX_VALUE} for none. Constant time. */
    long earliestNanos() {
        return heap.isEmpty() ? Long.MAX_VALUE : heap.get(0).deadlineNanos;
    }

    /** Returns the entry with the earliest deadline. The queue must not be empty. */
    Entry<T> earliest() {
        return heap.get(0);
    }

    private void siftUp(Entry<T> entry) {
        while (entry.position > 0) {
            Entry<T> parent = heap.get((entry.position - 1) / 2);
            if (parent.deadlineNanos <= entry.deadlineNanos) {
                return;
            }
            swap(entry, parent);
        }
    }

    private void siftDown(Entry<T> entry) {
        while (2 * entry.position + 1 < heap.size()) {
            int left = 2 * entry.position + 1;
            int right = left + 1;
            boolean rightIsEarlier =
                    right < heap.size() && heap.get(right).deadlineNanos < heap.get(left).deadlineNanos;
            Entry<T> child = heap.get(rightIsEarlier ? right : left);
            if (entry.deadlineNanos <= child.deadlineNanos) {
                return;
            }
            swap(entry, child);
        }
    }

    private void swap(Entry<T> one, Entry<T> other) {
        int position = one.position;
        setPosition(one, other.position);
        setPosition(other, position);
    }

    private void setPosition(Entry<T> entry, int position) {
        entry.position = position;
        heap.set(position, entry);
    }
}
