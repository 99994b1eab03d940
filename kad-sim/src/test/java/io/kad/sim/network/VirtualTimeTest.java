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
    void timersRingInOrderAndThoseTakenBackDoNot(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        VirtualTime time = new VirtualTime();
        List<Long> rung = new ArrayList<>();
        List<Long> expected = new ArrayList<>();
        List<Cancellable> timers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            long at = random.nextInt(100) * 1000L + i;
            timers.add(time.schedule(at, () -> rung.add(at)));
            if (random.nextInt(3) == 0) {
                timers.get(i).cancel();
                timers.get(i).cancel();
            } else {
                expected.add(at);
            }
        }
        time.advance(200_000);
        expected.sort(null);
        assertThat(rung).isEqualTo(expected);
        assertThat(time.nanos()).isEqualTo(200_000);
    }

    @Test
    void timersOfOneMomentRingInTheOrderInWhichTheyWereSetAndWhatIsReadyComesFirst() {
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
    void aTimerThatRungCanBeTakenBackWithoutEffect() {
        VirtualTime time = new VirtualTime();
        Cancellable timer = time.schedule(1, () -> {});
        time.schedule(2, () -> {});
        time.advance(1);
        timer.cancel();
        assertThat(time.step()).isTrue();
        assertThat(time.step()).isFalse();
    }
}
