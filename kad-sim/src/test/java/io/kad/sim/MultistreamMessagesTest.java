package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.kad.sim.network.Latency;
import io.kad.sim.network.NetworkConditions;
import io.kad.sim.scenario.WeibullDistribution;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Texts of refusals of the simulator's API. */
class MultistreamMessagesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void aNumberOutsideItsRangeIsRefusedWithTheRangeAndTheNumber() {
        assertRefused(
                () -> NetworkConditions.GOOD.withFaults(SECOND.negated(), 0, 0, 0),
                "jitter must not be negative, got -1 s");
        assertRefused(
                () -> NetworkConditions.GOOD.withFaults(SECOND, 2, 0, 0), "loss must be between 0 and 1, got 2.0");
        assertRefused(
                () -> NetworkConditions.GOOD.withFaults(SECOND, 0, -0.5, 0),
                "duplication must be between 0 and 1, got -0.5");
        assertRefused(
                () -> NetworkConditions.GOOD.withDialRoundTrips(101),
                "dialRoundTrips must be between 0 and 100, got 101");
        assertRefused(() -> Latency.uniform(SECOND, Duration.ZERO), "latency must be at least 1 s, got 0 s");
        assertRefused(() -> new WeibullDistribution(Duration.ZERO, 1), "scale must be greater than 0, got 0 s");
        assertRefused(() -> new WeibullDistribution(SECOND, 0), "shape must be greater than 0, got 0.0");
        assertRefused(() -> SimNetwork.builder().peers(0), "peers must be 1 or more, got 0");
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    @Test
    void aFutureThatNothingCanCompleteIsReportedAsADeadlock() {
        try (SimNetwork network = SimNetwork.builder().peers(1).build()) {
            network.stop(network.peer(0));
            assertThatIllegalStateException()
                    .isThrownBy(() -> network.await(new CompletableFuture<>()))
                    .withMessage("deadlock: no events are scheduled, but the awaited future is not complete");
        }
    }
}
