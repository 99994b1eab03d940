package io.kad.sim.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Small networks full of faults: nothing breaks that must hold, and a seed decides all that happens. */
class ChaosRunTest {

    private static final int FIXED_SEEDS = 300;
    private static final int FRESH_SEEDS = 100;

    @Test
    void nothingBreaksForAnyOfTheFixedSeedsAndEachGivesTheSameTraceTwice() {
        assertThat(failures(LongStream.rangeClosed(1, FIXED_SEEDS))).isEmpty();
    }

    @Test
    void nothingBreaksForFreshSeeds() {
        long first = new SecureRandom().nextLong();
        assertThat(failures(LongStream.range(0, FRESH_SEEDS).map(i -> first + i)))
                .isEmpty();
    }

    @Test
    void otherSeedsGiveOtherTraces() {
        assertThat(ChaosRun.run(1)).isNotEqualTo(ChaosRun.run(2));
    }

    private static List<String> failures(LongStream seeds) {
        return seeds.parallel()
                .mapToObj(ChaosRun::problem)
                .flatMap(problem -> problem.stream())
                .toList();
    }
}
