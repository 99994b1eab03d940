package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.TransportFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Outcome of one operation of a simulated transport, and the virtual time that it took. */
final class Outcome {

    private final SimNetwork network;
    private final Duration start;
    private @Nullable Cancellable cancellable;
    private @Nullable Object result;
    private TransportFailure.@Nullable Kind failureKind;
    private @Nullable Duration elapsed;

    Outcome(SimNetwork network) {
        this.network = network;
        this.start = network.elapsed();
    }

    void cancellable(Cancellable operation) {
        cancellable = operation;
    }

    void cancel() {
        if (cancellable != null) {
            cancellable.cancel();
        }
    }

    <T> Callback<T> callback() {
        return new Callback<>() {
            @Override
            public void onSuccess(T value) {
                result = value;
                end();
            }

            @Override
            public void onFailure(TransportFailure failure) {
                failureKind = failure.kind();
                end();
            }
        };
    }

    private void end() {
        assertThat(elapsed).as("time of an earlier end of the same operation").isNull();
        elapsed = network.elapsed().minus(start);
    }

    boolean hasEnded() {
        return elapsed != null;
    }

    boolean hasSucceeded() {
        return elapsed != null && failureKind == null;
    }

    /** Returns the time of the operation, which must have ended. */
    Duration elapsed() {
        Duration taken = elapsed;
        if (taken == null) {
            throw new AssertionError("the operation has not ended");
        }
        return taken;
    }

    TransportFailure.@Nullable Kind failureKind() {
        assertThat(hasEnded()).as("the operation has ended").isTrue();
        return failureKind;
    }

    @Nullable
    Object result() {
        return result;
    }
}
