package io.kad.sim;

import io.kad.api.spi.Callback;
import io.kad.api.spi.Cancellable;
import io.kad.api.spi.TransportFailure;
import io.kad.api.spi.TransportFailure.Kind;
import java.time.Duration;

/** Something asked of a simulated transport; ends once, by its timeout at the latest, and never inside the call that began it. */
final class SimCall<T> implements Cancellable {

    private final SimLinks links;
    private final Callback<T> callback;
    private final Cancellable timer;
    private boolean ended;

    SimCall(SimLinks links, Duration timeout, Callback<T> callback) {
        this.links = links;
        this.callback = callback;
        this.timer = links.later(timeout.toNanos(), () -> fail(Kind.TIMEOUT, "no outcome within " + timeout));
    }

    void succeed(T result) {
        end(() -> callback.onSuccess(result));
    }

    void fail(Kind kind, String message) {
        end(() -> callback.onFailure(new TransportFailure(kind, message)));
    }

    @Override
    public void cancel() {
        fail(Kind.CANCELLED, "cancelled");
    }

    private void end(Runnable outcome) {
        if (!ended) {
            ended = true;
            timer.cancel();
            links.later(0, outcome);
        }
    }
}
