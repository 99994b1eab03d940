package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DeadlineQueueTest {

    /** Each number adds, changes or removes something, chosen by its remainder. */
    @Property
    void theEarliestIsAlwaysFirst(@ForAll @Size(max = 80) List<@IntRange(min = 0, max = 100_000) Integer> choices) {
        DeadlineQueue<Integer> queue = new DeadlineQueue<>();
        List<DeadlineQueue.Entry<Integer>> entries = new ArrayList<>();
        List<Long> deadlines = new ArrayList<>();
        for (int choice : choices) {
            int which = choice / 3;
            long deadline = choice / 3 % 50;
            if (choice % 3 == 0 || entries.isEmpty()) {
                entries.add(queue.add(choice));
                deadlines.add(deadline);
                queue.reschedule(entries.get(entries.size() - 1), deadline);
            } else if (choice % 3 == 1) {
                int position = which % entries.size();
                deadlines.set(position, deadline);
                queue.reschedule(entries.get(position), deadline);
            } else {
                int position = which % entries.size();
                deadlines.remove(position);
                queue.remove(entries.remove(position));
            }
            long earliest = deadlines.stream().mapToLong(nanos -> nanos).min().orElse(Long.MAX_VALUE);
            assertThat(queue.earliestNanos()).isEqualTo(earliest);
            if (!entries.isEmpty()) {
                assertThat(itemsAt(earliest, entries, deadlines))
                        .contains(queue.earliest().item());
            }
        }
    }

    private static List<Integer> itemsAt(
            long deadline, List<DeadlineQueue.Entry<Integer>> entries, List<Long> deadlines) {
        return IntStream.range(0, entries.size())
                .filter(i -> deadlines.get(i) == deadline)
                .mapToObj(i -> entries.get(i).item())
                .toList();
    }
}
