package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EngineClockTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private long monotonic = 1000 * MILLI;
    private final EngineClock clock = new EngineClock(() -> monotonic);

    @Test
    void withoutAPauseItIsTheMonotonicTime() {
        assertThat(clock.nowWithoutPauses(Long.MAX_VALUE)).isEqualTo(1000 * MILLI);
        monotonic += TimeUnit.DAYS.toNanos(1);
        assertThat(clock.nowWithoutPauses(Long.MAX_VALUE)).as("nothing was due").isEqualTo(monotonic);
        assertThat(clock.nowWithoutPauses(monotonic + 1)).isEqualTo(monotonic);
        assertThat(clock.nowWithoutPauses(monotonic - EngineClock.MAX_DELAY_NANOS))
                .as("a late timer")
                .isEqualTo(monotonic);
    }

    @Test
    void itStandsStillDuringAPauseAndGoesOnAfterwards() {
        long deadline = 1200 * MILLI;
        monotonic = TimeUnit.MINUTES.toNanos(10);
        assertThat(clock.nowWithoutPauses(deadline)).isEqualTo(deadline);
        monotonic += 30 * MILLI;
        assertThat(clock.nowWithoutPauses(deadline)).isEqualTo(deadline + 30 * MILLI);
        assertThat(clock.nowWithoutPauses(Long.MAX_VALUE)).isEqualTo(deadline + 30 * MILLI);
    }
}
