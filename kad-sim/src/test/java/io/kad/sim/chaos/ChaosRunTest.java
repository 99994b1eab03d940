package io.kad.sim.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Tests of small networks with every fault on: the invariants hold, and the same seed gives the same run. */
class ChaosRunTest {

    /** Seeds of a build, always the same ones, so that a failure comes from a change. {@code kad sim --chaos} runs others. */
    private static final int SEEDS = 400;

    @Test
    void noInvariantIsViolatedAndEachSeedGivesTheSameTraceTwice() {
        assertThat(failures(LongStream.rangeClosed(1, SEEDS))).isEmpty();
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
