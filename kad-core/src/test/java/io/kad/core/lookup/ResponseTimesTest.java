package io.kad.core.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ResponseTimesTest {

    private static final long MILLI = 1_000_000;
    private static final ResponseTimes.Floors NO_FLOORS = new ResponseTimes.Floors(0, 0);

    private final ResponseTimes times = new ResponseTimes(NO_FLOORS);

    private void addResponses(int count, long millis) {
        for (int i = 0; i < count; i++) {
            times.addResponse(millis * MILLI);
        }
    }

    private void addNoResponses(int count) {
        for (int i = 0; i < count; i++) {
            times.addNoResponse();
        }
    }

    @Test
    void halfASecondIsAssumedUntilSixteenResponsesHaveReplacedIt() {
        addResponses(7, 100);
        assertThat(times.quantileNanos(.5)).isEqualTo(500 * MILLI);
        addResponses(9, 100);
        assertThat(times.quantileNanos(1)).isEqualTo(100 * MILLI);
        addResponses(1, 900);
        assertThat(times.quantileNanos(1)).as("the window grows").isEqualTo(900 * MILLI);
        assertThat(times.quantileNanos(0)).isEqualTo(100 * MILLI);
    }

    @Property(tries = 500)
    void quantilesAreThoseOfTheLatestSamples(@ForAll long seed, @ForAll @IntRange(min = 16, max = 600) int count) {
        Random random = new Random(seed);
        ResponseTimes measured = new ResponseTimes(NO_FLOORS);
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long nanos = random.nextInt(50) * MILLI;
            all.add(nanos);
            measured.addResponse(nanos);
        }
        List<Long> sorted = all.subList(Math.max(0, count - ResponseTimes.WINDOW), count).stream()
                .sorted()
                .toList();

        for (double quantile : new double[] {0, .25, .5, .9, .99, 1}) {
            int rank = Math.min(sorted.size() - 1, (int) (quantile * sorted.size()));
            assertThat(measured.quantileNanos(quantile)).isEqualTo(sorted.get(rank));
        }
    }

    @Test
    void inAHealthyNetworkNobodyIsPresumedDeadBeforeTheLongestRoundTrip() {
        addResponses(250, 100);
        addResponses(6, 400);

        WaitTimes waits = times.waitTimes();
        assertThat(waits.softNanos()).as("twice the median").isEqualTo(200 * MILLI);
        assertThat(waits.presumedDeadNanos()).isEqualTo(440 * MILLI);
        assertThat(waits.maxWaitNanos()).isEqualTo(800 * MILLI);
        assertThat(waits.extendedMaxWaitNanos()).isEqualTo(1600 * MILLI);
    }

    @Test
    void theMoreRequestsAreSilentTheSoonerAPeerIsPresumedDead() {
        addResponses(200, 100);
        addResponses(28, 300);
        addNoResponses(28);
        assertThat(times.noResponseShare()).isEqualTo(28 / 256.0);
        assertThat(times.waitTimes().presumedDeadNanos())
                .as("12 %% of live peers are slower")
                .isEqualTo(330 * MILLI);
        addNoResponses(40);
        assertThat(times.waitTimes().presumedDeadNanos())
                .as("not before 1.5 medians")
                .isEqualTo(150 * MILLI);
        addNoResponses(100);
        assertThat(times.waitTimes().presumedDeadNanos()).isEqualTo(150 * MILLI);
        assertThat(times.waitTimes().softNanos()).isEqualTo(150 * MILLI);
    }

    @Test
    void theMaxWaitIsFiveMediansAtTheEarliest() {
        addResponses(256, 100);
        assertThat(times.waitTimes().maxWaitNanos()).isEqualTo(500 * MILLI);
        assertThat(times.waitTimes().extendedMaxWaitNanos()).isEqualTo(500 * MILLI);
    }

    @Test
    void thereIsNoMaxWaitWhileFewerThanSixtyFourRoundTripsAreMeasured() {
        addResponses(63, 100);
        assertThat(times.waitTimes().maxWaitNanos()).isEqualTo(Long.MAX_VALUE);
        addResponses(1, 100);
        assertThat(times.waitTimes().maxWaitNanos()).isEqualTo(500 * MILLI);
    }

    @Test
    void theFloorsHold() {
        ResponseTimes fast = new ResponseTimes(new ResponseTimes.Floors(50 * MILLI, 250 * MILLI));
        for (int i = 0; i < ResponseTimes.WINDOW; i++) {
            fast.addResponse(MILLI);
        }
        WaitTimes waits = fast.waitTimes();
        assertThat(waits).isEqualTo(new WaitTimes(50 * MILLI, 50 * MILLI, 250 * MILLI, 250 * MILLI));
    }

    @Test
    void upToTwoOfTheLatestRequestsWithoutAResponseAreHealthyAndALateResponseTakesOneBack() {
        addNoResponses(2);
        assertThat(times.isNetworkHealthy()).isTrue();
        assertThat(times.noResponseShare()).as("of at least 32").isEqualTo(2 / 32.0);
        addNoResponses(1);
        assertThat(times.isNetworkHealthy()).isFalse();
        times.addLateResponse(700 * MILLI);
        assertThat(times.isNetworkHealthy()).isTrue();
        assertThat(times.noResponseShare()).isEqualTo(2 / 32.0);
        addResponses(ResponseTimes.WINDOW, 100);
        assertThat(times.noResponseShare()).as("it leaves the window").isZero();
    }

    @Test
    void aLateResponseOfARequestThatHasLeftTheWindowTakesNothingBack() {
        addNoResponses(1);
        addResponses(ResponseTimes.WINDOW, 100);
        times.addLateResponse(900 * MILLI);
        assertThat(times.noResponseShare()).isZero();
        assertThat(times.quantileNanos(1)).isEqualTo(900 * MILLI);
    }

    @Test
    void aPromptFailureCountsAsNotSilentAndIsNoRoundTrip() {
        addNoResponses(16);
        for (int i = 0; i < 48; i++) {
            times.addPromptFailure();
        }
        assertThat(times.noResponseShare()).isEqualTo(.25);
        assertThat(times.quantileNanos(0)).isEqualTo(ResponseTimes.INITIAL_RTT_NANOS);
    }

    @Test
    void aLateResponseTakesBackTheOnlyRequestWithoutOne() {
        addNoResponses(1);
        times.addLateResponse(900 * MILLI);

        assertThat(times.requestsWithoutResponse()).isZero();
        assertThat(times.isNetworkHealthy()).isTrue();
    }

    @Test
    void aLateResponseOfARequestThatIsForgottenIsAnRttOnly() {
        addResponses(ResponseTimes.INITIAL_SAMPLES, 100);
        times.addLateResponse(900 * MILLI);

        assertThat(times.requestsWithoutResponse()).isZero();
        assertThat(times.quantileNanos(1)).isEqualTo(900 * MILLI);
    }

    @Test
    void aNetworkWithoutLatencyHasAMaxWaitToo() {
        addResponses(ResponseTimes.WINDOW, 0);

        assertThat(times.waitTimes().maxWaitNanos()).isLessThan(Long.MAX_VALUE);
    }
}
