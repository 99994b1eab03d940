package io.kad.transport.netty.identify;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Wait for the end of an operation that may never end. */
final class TimedWait {

    private TimedWait() {}

    /**
     * Returns a future that succeeds on {@code loop} when {@code operation} has ended, or after {@code time}. The operation keeps nothing of the
     * wait that is over, so that any number of them may follow each other.
     */
    static <T> Future<?> forEnd(Future<T> operation, Duration time, EventExecutor loop) {
        Promise<Void> over = loop.newPromise();
        GenericFutureListener<Future<T>> listener = ended -> loop.execute(() -> over.trySuccess(null));
        Future<?> timer = loop.schedule(() -> over.trySuccess(null), time.toNanos(), TimeUnit.NANOSECONDS);
        over.addListener(ended -> {
            timer.cancel(false);
            operation.removeListener(listener);
        });
        operation.addListener(listener);
        return over;
    }
}
