package io.kad.sim.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.spi.transport.Cancellable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {

    @Property(tries = 200)
    void scheduledTasksRunInOrderAndCancelledOnesDoNot(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        VirtualTime time = new VirtualTime();
        List<Long> run = new ArrayList<>();
        List<Long> expected = new ArrayList<>();
        List<Cancellable> tasks = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            long at = random.nextInt(100) * 1000L + i;
            tasks.add(time.schedule(at, () -> run.add(at)));
            if (random.nextInt(3) == 0) {
                tasks.get(i).cancel();
                tasks.get(i).cancel();
            } else {
                expected.add(at);
            }
        }
        time.advance(200_000);
        expected.sort(null);
        assertThat(run).isEqualTo(expected);
        assertThat(time.nanos()).isEqualTo(200_000);
    }

    @Test
    void tasksOfTheSameTimeRunInTheOrderOfSchedulingAndReadyTasksRunFirst() {
        VirtualTime time = new VirtualTime();
        List<String> order = new ArrayList<>();
        time.schedule(5, () -> {
            order.add("a");
            time.execute(() -> order.add("ready"));
        });
        time.schedule(5, () -> order.add("b"));
        time.advance(5);
        assertThat(order).containsExactly("a", "ready", "b");
    }

    @Test
    void cancellingATaskThatHasRunHasNoEffect() {
        VirtualTime time = new VirtualTime();
        Cancellable task = time.schedule(1, () -> {});
        time.schedule(2, () -> {});
        time.advance(1);
        task.cancel();
        assertThat(time.step()).isTrue();
        assertThat(time.step()).isFalse();
    }
}
