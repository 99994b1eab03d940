package io.kad.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class JitteredIntervalTest {

    @Property(tries = 200)
    void theFirstTimeIsSoonAndTheOthersAreAnIntervalApartGiveOrTakeATenth(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 100) int hours) {
        Duration interval = Duration.ofHours(hours);
        JitteredInterval timer = new JitteredInterval(Optional.of(interval), new Random(seed));
        assertThat(timer.isDue(Long.MAX_VALUE - 1)).isFalse();
        timer.begin(7);
        assertThat(timer.dueNanos()).isBetween(8L, 8 + JitteredInterval.MAX_FIRST.toNanos());
        assertThat(timer.isDue(timer.dueNanos())).isTrue();
        assertThat(timer.isDue(timer.dueNanos() - 1)).isFalse();
        timer.restart(1000);
        assertThat(timer.dueNanos() - 1000)
                .isBetween(interval.toNanos() / 10 * 9 - 1, interval.toNanos() / 10 * 11 + 1);
    }

    @Test
    void withoutAnIntervalItIsNeverDue() {
        JitteredInterval timer = new JitteredInterval(Optional.empty(), new Random(1));
        timer.begin(0);
        timer.restart(0);
        assertThat(timer.dueNanos()).isEqualTo(Long.MAX_VALUE);
    }
}
