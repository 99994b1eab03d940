package io.kad.transport.netty.connection;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asynchronous call that runs at most once at a time: callers during a run share its result. Thread-safe. */
public final class SingleFlight<T> {

    private final EventExecutor executor;
    private @Nullable Promise<T> latest;

    SingleFlight(EventExecutor executor) {
        this.executor = executor;
    }

    /**
     * Returns the result of the current run. If there is none, {@code start} begins one; it must complete the promise
     * it receives.
     */
    public Future<T> run(Consumer<Promise<T>> start) {
        Promise<T> started;
        synchronized (this) {
            Promise<T> current = latest;
            if (current != null && !current.isDone()) {
                return current;
            }
            started = executor.newPromise();
            latest = started;
        }
        start.accept(started);
        return started;
    }
}
