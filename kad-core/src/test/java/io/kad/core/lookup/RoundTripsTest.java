package io.kad.core.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RoundTripsTest {

    private static final long MILLI = 1_000_000;

    private static RoundTrips measured(long nanos) {
        RoundTrips roundTrips = new RoundTrips();
        for (int i = 0; i < RoundTrips.WINDOW; i++) {
            roundTrips.record(nanos);
        }
        return roundTrips;
    }

    @Test
    void halfASecondIsUsualUntilHalfOfTheWindowIsMeasured() {
        RoundTrips roundTrips = new RoundTrips();
        for (int i = 0; i < RoundTrips.WINDOW / 2; i++) {
            assertThat(roundTrips.usualNanos()).isEqualTo(500 * MILLI);
            roundTrips.record(100 * MILLI);
        }
        roundTrips.record(100 * MILLI);
        assertThat(roundTrips.usualNanos()).isEqualTo(100 * MILLI);
    }

    @Test
    void twiceTheUsualIsOverdueAndEightTimesIsHopeless() {
        RoundTrips roundTrips = measured(400 * MILLI);

        assertThat(roundTrips.overdueNanos()).isEqualTo(800 * MILLI);
        assertThat(roundTrips.hopelessNanos()).isEqualTo(3200 * MILLI);
    }

    @Test
    void aFastNetworkIsNotHurriedBelowTheFloor() {
        RoundTrips roundTrips = measured(0);

        assertThat(roundTrips.overdueNanos()).isEqualTo(RoundTrips.MIN_OVERDUE_NANOS);
        assertThat(roundTrips.hopelessNanos()).isEqualTo(RoundTrips.MIN_HOPELESS_NANOS);
    }

    @Test
    void aSlowNetworkIsNotWaitedForBeyondTheCeiling() {
        assertThat(measured(Long.MAX_VALUE).overdueNanos()).isEqualTo(RoundTrips.MAX_OVERDUE_NANOS);
    }

    @Test
    void aFewSlowPeersDontChangeWhatIsUsual() {
        RoundTrips roundTrips = measured(100 * MILLI);
        for (int i = 0; i < RoundTrips.WINDOW / 2 - 1; i++) {
            roundTrips.record(9000 * MILLI);
        }
        assertThat(roundTrips.usualNanos()).isEqualTo(100 * MILLI);
    }

    @Property(tries = 1000)
    void theUsualIsTheMedianOfTheLatest(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int count) {
        Random random = new Random(seed);
        RoundTrips roundTrips = new RoundTrips();
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < RoundTrips.WINDOW; i++) {
            all.add(RoundTrips.INITIAL_NANOS);
        }
        for (int i = 0; i < count; i++) {
            long nanos = random.nextInt(20) * 100L * MILLI;
            all.add(nanos);
            roundTrips.record(nanos);
        }
        List<Long> sorted = all.subList(all.size() - RoundTrips.WINDOW, all.size()).stream()
                .sorted()
                .toList();

        assertThat(roundTrips.usualNanos()).isEqualTo(sorted.get(RoundTrips.WINDOW / 2));
    }
}
