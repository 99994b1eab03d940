package io.kad.core.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Binary heap whose elements know their index, so that each can be moved or removed in logarithmic time. An element is in one heap at most. Not
 * thread-safe.
 *
 * @param <T> the type of the elements
 */
final class IndexedHeap<T extends IndexedHeap.Element> {

    private static final int NOT_IN_HEAP = -1;

    /** The greatest first; no two elements are equal. */
    private final Comparator<? super T> order;

    private final List<T> elements = new ArrayList<>(1);

    IndexedHeap(Comparator<? super T> order) {
        this.order = order;
    }

    /** Element of a heap. */
    abstract static class Element {

        private int index = NOT_IN_HEAP;
    }

    int size() {
        return elements.size();
    }

    /** Returns the greatest element; null if there is none. */
    @Nullable
    T greatest() {
        return elements.isEmpty() ? null : elements.get(0);
    }

    /** Adds an element, or moves it if it is in this heap and its order has changed. */
    void addOrMove(T element) {
        if (indexOf(element) == NOT_IN_HEAP) {
            elements.add(element);
            setIndex(element, elements.size() - 1);
        }
        move(element);
    }

    /** Removes an element; no effect if it is in no heap. */
    void remove(T element) {
        int index = indexOf(element);
        if (index == NOT_IN_HEAP) {
            return;
        }
        T last = elements.remove(elements.size() - 1);
        setIndex(element, NOT_IN_HEAP);
        if (last != element) {
            elements.set(index, last);
            setIndex(last, index);
            move(last);
        }
    }

    private void move(T element) {
        int index = indexOf(element);
        while (index > 0 && isGreater(element, elements.get((index - 1) / 2))) {
            swap(index, (index - 1) / 2);
            index = (index - 1) / 2;
        }
        int child = greaterChild(index);
        while (child < elements.size() && isGreater(elements.get(child), element)) {
            swap(index, child);
            index = child;
            child = greaterChild(index);
        }
    }

    /** Returns the index of the greater child; beyond the last index if there is none. */
    private int greaterChild(int index) {
        int left = 2 * index + 1;
        int right = left + 1;
        return right < elements.size() && isGreater(elements.get(right), elements.get(left)) ? right : left;
    }

    private boolean isGreater(T one, T other) {
        return order.compare(one, other) < 0;
    }

    private void swap(int one, int other) {
        T moved = elements.get(one);
        elements.set(one, elements.get(other));
        elements.set(other, moved);
        setIndex(elements.get(one), one);
        setIndex(elements.get(other), other);
    }

    private int indexOf(T element) {
        return ((Element) element).index;
    }

    private void setIndex(T element, int index) {
        ((Element) element).index = index;
    }
}
