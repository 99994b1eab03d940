package io.kad.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BootstrapScheduleTest {

    private static final Optional<Duration> NEVER = Optional.empty();
    private static final Optional<Duration> DELAY = Optional.of(Duration.ofMillis(1));
    private static final Optional<Duration> INTERVAL = Optional.of(Duration.ofSeconds(1));

    private static BootstrapSchedule schedule(Optional<Duration> delay, Optional<Duration> interval) {
        return new BootstrapSchedule(KademliaConfig.builder()
                .set(KademliaConfig.BOOTSTRAP_THROTTLE, delay)
                .set(KademliaConfig.BOOTSTRAP_INTERVAL, interval)
                .build());
    }

    @Test
    void nothingIsDueBeforeItHasBegun() {
        BootstrapSchedule schedule = schedule(DELAY, INTERVAL);

        assertThat(schedule.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(schedule.takeDue(Long.MAX_VALUE - 1)).isFalse();
    }

    @Test
    void anIntervalCountsFromTheLastStart() {
        BootstrapSchedule schedule = schedule(NEVER, INTERVAL);
        schedule.begin(0);
        schedule.begin(5);
        assertThat(schedule.nextDeadlineNanos()).isEqualTo(1_000_000_000);
        schedule.started(600_000_000);
        schedule.ended();

        assertThat(schedule.nextDeadlineNanos()).isEqualTo(1_600_000_000);
        assertThat(schedule.takeDue(1_599_999_999)).isFalse();
        assertThat(schedule.takeDue(1_600_000_000)).isTrue();
        assertThat(schedule.takeDue(1_600_000_000)).isFalse();
    }

    @Test
    void eachNewPeerPutsTheDelayOff() {
        BootstrapSchedule schedule = schedule(DELAY, NEVER);
        schedule.begin(0);
        schedule.peerInserted(0, 1);
        schedule.peerInserted(700_000, 19);

        assertThat(schedule.nextDeadlineNanos()).isEqualTo(1_700_000);
    }

    @Test
    void theDelayOfANewPeerEndsBeforeTheInterval() {
        BootstrapSchedule schedule = schedule(DELAY, INTERVAL);
        schedule.begin(0);
        schedule.peerInserted(500_000, 1);

        assertThat(schedule.nextDeadlineNanos()).isEqualTo(1_500_000);
        assertThat(schedule.takeDue(1_500_000)).isTrue();
        assertThat(schedule.nextDeadlineNanos()).as("the next interval").isEqualTo(1_001_500_000);
    }

    @Test
    void aPeerThatFillsTheTableUpToTwentyAsksForNothing() {
        BootstrapSchedule schedule = schedule(DELAY, NEVER);
        schedule.begin(0);
        schedule.peerInserted(0, BootstrapSchedule.SMALL_TABLE);

        assertThat(schedule.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whileBootstrapsRunNoneIsDue() {
        BootstrapSchedule schedule = schedule(DELAY, INTERVAL);
        schedule.begin(0);
        schedule.started(0);
        schedule.started(0);
        schedule.peerInserted(0, 1);
        schedule.ended();
        assertThat(schedule.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        schedule.ended();

        assertThat(schedule.takeDue(1_000_000)).isTrue();
    }
}
