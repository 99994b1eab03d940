package io.kad.node.daemon;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stop of a program that runs until it is told to end: by a signal, by its user, or by its time. After a signal the process lives until this is
 * closed, so that the program can say that it has stopped. Thread-safe.
 */
public final class Stop implements AutoCloseable {

    /** Longest time that a process lives after a signal. */
    public static final Duration MAX_TIME = Halt.MAX_TIME;

    private static final Logger LOG = LoggerFactory.getLogger(Stop.class);

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onSignalled, "kad-stop");

    private Stop() {}

    /** Returns a stop that a signal to this process requests. */
    public static Stop onSignal() {
        Stop stop = new Stop();
        Runtime.getRuntime().addShutdownHook(stop.hook);
        return stop;
    }

    private void onSignalled() {
        request();
        try {
            if (!closed.await(MAX_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("not stopped within {} s", MAX_TIME.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Requests the stop; later calls have no effect. */
    void request() {
        requested.countDown();
    }

    /** Waits until the stop is requested, or until {@code timeout} has passed. */
    public void await(Optional<Duration> timeout) throws InterruptedException {
        if (timeout.isPresent()) {
            if (!requested.await(TimeUnit.NANOSECONDS.convert(timeout.get()), TimeUnit.NANOSECONDS)) {
                Halt.unless(closed);
            }
        } else {
            requested.await();
        }
    }

    /** Lets the process end. */
    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            LOG.debug("shutdown has already begun");
        }
    }
}
