package io.kad.transport.netty.dial;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Targets of a dial that were not tried yet, in the order of {@link DialOrder}. Confined to the event loop of the dial. */
final class TargetQueue {

    private final List<DialTarget> targets = new ArrayList<>();

    /** Adds a target behind those of its rank. */
    void add(DialTarget target) {
        int index = targets.size();
        while (index > 0 && DialOrder.INSTANCE.compare(targets.get(index - 1), target) > 0) {
            index--;
        }
        targets.add(index, target);
    }

    /** Adds a target before those of its rank. */
    void addFirst(DialTarget target) {
        int index = 0;
        while (index < targets.size() && DialOrder.INSTANCE.compare(targets.get(index), target) < 0) {
            index++;
        }
        targets.add(index, target);
    }

    /** Removes and returns the first target; null if there is none. */
    @Nullable
    DialTarget poll() {
        return targets.isEmpty() ? null : targets.remove(0);
    }

    /** Removes all targets. */
    void clear() {
        targets.clear();
    }
}
