package io.kad.transport.netty.connection;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Something that runs once at a time, and whose result all share that ask meanwhile. Thread-safe. */
public final class SingleFlight<T> {

    private final EventExecutor executor;
    private @Nullable Promise<T> running;

    SingleFlight(EventExecutor executor) {
        this.executor = executor;
    }

    /** Returns the result of what is running, or of {@code start}, which is given the promise to complete. */
    public Future<T> run(Consumer<Promise<T>> start) {
        Promise<T> begun;
        synchronized (this) {
            Promise<T> current = running;
            if (current != null && !current.isDone()) {
                return current;
            }
            begun = executor.newPromise();
            running = begun;
        }
        start.accept(begun);
        return begun;
    }
}
