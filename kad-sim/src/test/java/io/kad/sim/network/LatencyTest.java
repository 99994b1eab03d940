package io.kad.sim.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that latencies have the spread that they state, and that what is fixed per pair, per peer or per seed is. */
class LatencyTest {

    private static final Duration MEDIAN = Duration.ofMillis(25);
    private static final int PEERS = 200;

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.5, 0.8, 1.0})
    void aLogNormalLatencyHasItsMedianAndItsSpreadOverThePairs(double sigma) {
        double[] logarithms = logarithms(Latency.logNormal(MEDIAN, sigma).withSeed(7));
        double mean = Arrays.stream(logarithms).average().orElseThrow();
        double variance = Arrays.stream(logarithms)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElseThrow();
        assertThat(mean).isCloseTo(Math.log((double) MEDIAN.toNanos()), within(0.03));
        assertThat(Math.sqrt(variance)).isCloseTo(sigma, within(0.02 * sigma));
        // the tail is that of a normal distribution: 2.3 % of the pairs are above two standard deviations
        double tail =
                Arrays.stream(logarithms).filter(x -> x > mean + 2 * sigma).count() / (double) logarithms.length;
        assertThat(tail).isCloseTo(0.0228, within(0.004));
    }

    @Test
    void aLogNormalLatencyIsFixedPerPairTheSameBothWaysAndOfItsSeed() {
        Latency latency = Latency.logNormal(MEDIAN, 0.5).withSeed(1);
        Latency other = Latency.logNormal(MEDIAN, 0.5).withSeed(2);
        for (int peer = 1; peer < PEERS; peer++) {
            long nanos = nanos(latency, 0, peer, 3);
            assertThat(nanos(latency, 0, peer, 4)).isEqualTo(nanos);
            assertThat(nanos(latency, peer, 0, 5)).isEqualTo(nanos);
            assertThat(nanos(other, 0, peer, 3)).isNotEqualTo(nanos);
            assertThat(nanos(latency, 0, peer + PEERS, 3)).isNotEqualTo(nanos);
        }
    }

    @Test
    void slowPeersAreSlowForEveryRequesterAndOthersForNone() {
        Latency latency = Latency.fixed(MEDIAN).withSlowPeers(0.1, 10).withSeed(7);
        Latency other = Latency.fixed(MEDIAN).withSlowPeers(0.1, 10).withSeed(8);
        int slow = 0;
        int different = 0;
        for (int peer = 0; peer < 5000; peer++) {
            long nanos = nanos(latency, 0, peer, 1);
            assertThat(nanos).isIn(MEDIAN.toNanos(), 10 * MEDIAN.toNanos());
            assertThat(nanos(latency, 1 + peer, peer, 2)).isEqualTo(nanos);
            slow += nanos > MEDIAN.toNanos() ? 1 : 0;
            different += nanos(other, 0, peer, 1) != nanos ? 1 : 0;
        }
        assertThat(slow / 5000.0).isCloseTo(0.1, within(0.015));
        assertThat(different).as("peers that are slow by one seed only").isGreaterThan(500);
    }

    @Test
    void jitterIsDrawnForEachExchangeAroundTheLatencyOfThePair() {
        Latency latency = Latency.logNormal(MEDIAN, 1).withJitter(0.2).withSeed(7);
        Latency base = Latency.logNormal(MEDIAN, 1).withSeed(7);
        SplittableRandom random = new SplittableRandom(5);
        double[] factors = new double[20_000];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = Math.log(latency.nanos(3, 4, random) / (double) base.nanos(3, 4, random));
        }
        double mean = Arrays.stream(factors).average().orElseThrow();
        double variance = Arrays.stream(factors)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElseThrow();
        assertThat(mean).isCloseTo(0, within(0.005));
        assertThat(Math.sqrt(variance)).isCloseTo(0.2, within(0.005));
    }

    @Test
    void aDelayAddsItsTimeToTheRoundTripOfItsShareOfTheExchanges() {
        Latency latency = Latency.fixed(MEDIAN).withDelays(0.01, Duration.ofMillis(200));
        SplittableRandom random = new SplittableRandom(5);
        int delayed = 0;
        for (int i = 0; i < 50_000; i++) {
            long roundTrip = 2 * latency.nanos(0, 1, random);
            assertThat(roundTrip).isIn(millis(50), millis(250));
            delayed += roundTrip == millis(250) ? 1 : 0;
        }
        assertThat(delayed / 50_000.0).isCloseTo(0.01, within(0.002));
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        Latency fixed = Latency.fixed(MEDIAN);
        assertThatIllegalArgumentException().isThrownBy(() -> Latency.logNormal(MEDIAN, -0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> Latency.logNormal(MEDIAN, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Latency.logNormal(MEDIAN.negated(), 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> fixed.withSlowPeers(1.1, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> fixed.withSlowPeers(0.1, 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> fixed.withJitter(4));
        assertThatIllegalArgumentException().isThrownBy(() -> fixed.withDelays(-1, MEDIAN));
    }

    private static double[] logarithms(Latency latency) {
        double[] all = new double[PEERS * (PEERS - 1) / 2];
        int count = 0;
        for (int one = 0; one < PEERS; one++) {
            for (int other = 0; other < one; other++) {
                all[count++] = Math.log((double) nanos(latency, one, other, 1));
            }
        }
        return all;
    }

    private static long nanos(Latency latency, int from, int to, long randomSeed) {
        RandomGenerator random = new SplittableRandom(randomSeed);
        return latency.nanos(from, to, random);
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
