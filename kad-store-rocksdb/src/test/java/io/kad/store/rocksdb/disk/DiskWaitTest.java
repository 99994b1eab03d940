package io.kad.store.rocksdb.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DiskWaitTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos(); // it overflows
    private final DiskWait wait = new DiskWait(LIMIT, () -> nanos);

    private boolean isOverAfter(Duration interval) {
        nanos += interval.toNanos();
        return wait.isOver();
    }

    @Test
    void itIsOverWhenTheProcessHasRunForThatLong() {
        for (int seen = 1; seen < 10_000; seen++) {
            assertThat(isOverAfter(Duration.ofMillis(1))).isFalse();
        }
        assertThat(isOverAfter(Duration.ofMillis(1))).isTrue();
        assertThat(isOverAfter(Duration.ZERO)).isTrue();
    }

    @Test
    void ofTheTimeInWhichTheProcessStoodStillLittleCounts() {
        assertThat(isOverAfter(Duration.ofHours(1))).isFalse();
        Duration rest = LIMIT.minus(DiskWait.LONGEST_INTERVAL);
        for (Duration seen = Duration.ZERO; seen.compareTo(rest.minusMillis(1)) < 0; seen = seen.plusMillis(1)) {
            assertThat(isOverAfter(Duration.ofMillis(1))).isFalse();
        }
        assertThat(isOverAfter(Duration.ofMillis(1))).isTrue();
    }

    @Test
    void aProcessThatMovesOnInJumpsDoesNotWaitForever() {
        int jumps = 1;
        while (!isOverAfter(Duration.ofMinutes(1))) {
            jumps++;
        }
        assertThat(jumps).isEqualTo((int) LIMIT.dividedBy(DiskWait.LONGEST_INTERVAL));
    }

    @Test
    void aFreeLockIsTakenEvenIfTheTimeIsOver() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        assertThat(new DiskWait(Duration.ZERO, () -> nanos).lock(lock)).isTrue();
        assertThat(lock.isHeldByCurrentThread()).isTrue();
    }
}
