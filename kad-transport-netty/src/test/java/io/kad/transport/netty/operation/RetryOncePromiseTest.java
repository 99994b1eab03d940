package io.kad.transport.netty.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.support.Wire;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both attempts of an operation, on a clock that the test moves. */
class RetryOncePromiseTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final TransportFailure LOST = new TransportFailure(Kind.CLOSED, "lost");
    private static final TransportFailure TIMED_OUT =
            new TransportFailure(Kind.TIMEOUT, "operation timed out after 2 s");

    private final EmbeddedChannel channel = Wire.channel();
    private final Operations operations = new Operations(channel.eventLoop());
    private final List<Operation<String>> started = new ArrayList<>();
    private final List<RetryOncePromise<String>> first = new ArrayList<>();
    private final List<TransportFailure> second = new ArrayList<>();
    private final List<TransportFailure> failures = new ArrayList<>();
    private int delays;

    @AfterEach
    void close() {
        Wire.assertNothingLeaked();
    }

    /** Starts an operation whose second attempt does {@code again}; its failure is recorded, and how often it was delayed. */
    private void start(Consumer<Operation<String>> again) {
        Callback<String> callback = new Callback<>() {
            @Override
            public void onQueued() {
                delays++;
            }

            @Override
            public void onSuccess(String result) {
                throw new AssertionError(result);
            }

            @Override
            public void onFailure(TransportFailure failure) {
                failures.add(failure);
            }
        };
        var unused = operations.start(TIMEOUT, callback, (Operation<String> operation) -> {
            started.add(operation);
            operation.markSent(Duration.ZERO);
            first.add(new RetryOncePromise<>(operation, operation, Kind.CLOSED, failure -> {
                second.add(failure);
                again.accept(operation);
            }));
        });
        channel.runPendingTasks();
    }

    private void pass(long millis) {
        Wire.pass(channel, Duration.ofMillis(millis));
    }

    @Test
    void theSecondAttemptHasWhatTheFirstHasLeftOfTheTimeout() {
        start(operation -> {});
        pass(1000);
        first.get(0).fail(LOST);
        assertThat(second).containsExactly(LOST);
        pass(999);
        assertThat(failures).isEmpty();
        pass(1);
        assertThat(failures).containsExactly(TIMED_OUT);
    }

    @Test
    void aSecondAttemptThatWaitsForOtherOperationsHasThatTimeToo() {
        start(operation -> {
            operation.queued();
            pass(500);
            operation.dequeued();
            operation.markSent(Duration.ofMinutes(1));
        });
        pass(1000);
        first.get(0).fail(LOST);
        pass(499);
        assertThat(failures).isEmpty();
        pass(1);
        assertThat(failures).containsExactly(TIMED_OUT);
        assertThat(delays).isZero();
    }

    @Test
    void aSecondAttemptThatStillWaitsTimesOutAsWhatWasSent() {
        start(Operation::queued);
        pass(1000);
        first.get(0).fail(LOST);
        pass(1000);
        assertThat(failures).containsExactly(TIMED_OUT);
        assertThat(delays).isZero();
    }

    @Test
    void thereIsOneSecondAttemptAndNoneForAnotherFailureOrAfterTheEnd() {
        start(operation -> {});
        first.get(0).fail(LOST);
        first.get(0).fail(LOST);
        assertThat(second).containsExactly(LOST);
        start(operation -> {});
        first.get(1).fail(Kind.RESET, "reset");
        start(operation -> {});
        started.get(2).cancel();
        first.get(2).fail(LOST);
        assertThat(second).hasSize(1);
        assertThat(failures).extracting(TransportFailure::kind).containsExactly(Kind.RESET, Kind.CANCELLED);
    }
}
