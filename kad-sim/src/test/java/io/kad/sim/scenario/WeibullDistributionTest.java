package io.kad.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WeibullDistributionTest {

    private static final WeibullDistribution SESSIONS = new WeibullDistribution(Duration.ofSeconds(14_900), 0.68);
    private static final int DRAWS = 200_000;

    @Test
    void sessionsHaveTheMeanAndMedianOfTheDistribution() {
        SplittableRandom random = new SplittableRandom(1);
        double[] hours = draw(() -> SESSIONS.session(random));
        assertThat(mean(hours)).isCloseTo(5.39, within(0.06));
        assertThat(hours[DRAWS / 2]).isCloseTo(2.41, within(0.04));
    }

    /** Probability that at least one of 20 peers is still running after 12, 24 and 48 hours. */
    @Test
    void residualSessionsHaveTheExpectedSurvival() {
        SplittableRandom random = new SplittableRandom(2);
        double[] hours = draw(() -> SESSIONS.residual(random));
        assertThat(oneOfTwenty(hours, 12)).isCloseTo(0.996, within(0.003));
        assertThat(oneOfTwenty(hours, 24)).isCloseTo(0.819, within(0.02));
        assertThat(oneOfTwenty(hours, 48)).isCloseTo(0.237, within(0.02));
    }

    private static double oneOfTwenty(double[] hours, double after) {
        double ended = Arrays.stream(hours).filter(length -> length < after).count() / (double) DRAWS;
        return 1 - Math.pow(ended, 20);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double[] draw(Supplier<Duration> source) {
        return Stream.generate(source)
                .limit(DRAWS)
                .mapToDouble(length -> length.toMillis() / 3.6e6)
                .sorted()
                .toArray();
    }
}
