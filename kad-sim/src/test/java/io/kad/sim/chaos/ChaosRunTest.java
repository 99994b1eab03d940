package io.kad.sim.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Tests of small networks with every fault on: the invariants hold, and the same seed gives the same run. */
class ChaosRunTest {

    private static final int FIXED_SEEDS = 300;
    private static final int RANDOM_SEEDS = 100;

    @Test
    void noInvariantIsViolatedForTheFixedSeedsAndEachGivesTheSameTraceTwice() {
        assertThat(failures(LongStream.rangeClosed(1, FIXED_SEEDS))).isEmpty();
    }

    @Test
    void noInvariantIsViolatedForRandomSeeds() {
        long first = new SecureRandom().nextLong();
        assertThat(failures(LongStream.range(0, RANDOM_SEEDS).map(i -> first + i)))
                .isEmpty();
    }

    @Test
    void anotherSeedGivesAnotherTrace() {
        assertThat(ChaosRun.run(1, null)).isNotEqualTo(ChaosRun.run(2, null));
    }

    @Test
    void aRunThatIsInterruptedHasNoResult() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> ChaosRun.runOnce(1, null)).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    private static List<String> failures(LongStream seeds) {
        return seeds.parallel()
                .mapToObj(seed -> ChaosRun.runTwice(seed, null))
                .flatMap(result -> result.violation().stream())
                .toList();
    }
}
