package io.kad.sim.network;

import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pending operation of a simulated transport. Calls back once, at its timeout at the latest, and never inside the call that started it. */
final class SimOperation<T> implements Cancellable {

    private final SimPeer owner;
    private final Callback<T> callback;
    private final Cancellable timer;
    private @Nullable SimConnection via;
    private @Nullable Runnable repetition;
    private boolean finished;
    private @Nullable Kind failureKind;

    SimOperation(SimPeer owner, Duration timeout, Callback<T> callback) {
        this.owner = owner;
        this.callback = callback;
        this.timer = owner.schedule(timeout.toNanos(), () -> fail(Kind.TIMEOUT, "timed out"));
        owner.transport().register(this);
    }

    /**
     * Sets the connection that carries this operation, which ends with it.
     *
     * @param again starts this operation once more, on another connection
     */
    void carriedBy(SimConnection connection, Runnable again) {
        repetition = via == null ? again : null;
        via = connection;
    }

    /** Returns whether {@code connection} carries this operation. */
    boolean isCarriedBy(SimConnection connection) {
        return via == connection;
    }

    /**
     * Called when the connection was closed: repeats this operation, once, or fails it.
     *
     * @param lost whether what was in flight is lost
     */
    void connectionClosed(boolean lost) {
        Runnable again = repetition;
        if (lost && again != null) {
            again.run();
        } else {
            fail(lost ? Kind.CLOSED : Kind.RESET, "connection was closed");
        }
    }

    /** Called when the peer could not be dialled. */
    void dialFailed(Kind kind, String message) {
        if (via == null) {
            fail(kind, message);
        } else {
            fail(Kind.CLOSED, "connection was lost; dialled again: " + message);
        }
    }

    /** Returns the timing of a response that arrives now; empty if this operation has succeeded or ended in another way. */
    Optional<TrafficListener.Timing> timing() {
        return !finished
                ? Optional.of(TrafficListener.Timing.IN_TIME)
                : failureKind == Kind.TIMEOUT
                        ? Optional.of(TrafficListener.Timing.AFTER_TIMEOUT)
                        : failureKind == Kind.CANCELLED
                                ? Optional.of(TrafficListener.Timing.AFTER_CANCEL)
                                : Optional.empty();
    }

    boolean isFinished() {
        return finished;
    }

    void succeed(T result) {
        if (finishOnce()) {
            owner.execute(() -> callback.onSuccess(result));
        }
    }

    void fail(Kind kind, String message) {
        if (finishOnce()) {
            failureKind = kind;
            owner.execute(() -> callback.onFailure(new TransportFailure(kind, message)));
        }
    }

    @Override
    public void cancel() {
        fail(Kind.CANCELLED, "cancelled");
    }

    private boolean finishOnce() {
        if (finished) {
            return false;
        }
        finished = true;
        timer.cancel();
        owner.transport().unregister(this);
        return true;
    }
}
