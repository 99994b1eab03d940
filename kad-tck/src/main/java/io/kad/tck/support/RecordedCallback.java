package io.kad.tck.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.TransportFailure;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a callback was told, and how. Thread-safe.
 *
 * @param <T> what success yields
 */
public final class RecordedCallback<T> implements Callback<T> {

    private final Duration maxWait;
    private final Thread caller = Thread.currentThread();
    private final CountDownLatch called = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean calling = true;
    private volatile boolean calledSynchronously;
    private volatile @Nullable T result;
    private volatile @Nullable TransportFailure failure;
    private @Nullable Object returned;

    private RecordedCallback(Duration patience) {
        this.maxWait = patience;
    }

    /** Makes {@code call} with a callback that is to be called within {@code patience}, and returns at once. */
    public static <T> RecordedCallback<T> of(Duration patience, Function<Callback<T>, @Nullable Object> call) {
        RecordedCallback<T> outcome = new RecordedCallback<>(patience);
        outcome.returned = call.apply(outcome);
        outcome.calling = false;
        return outcome;
    }

    @Override
    public void onSuccess(T success) {
        result = success;
        record();
    }

    @Override
    public void onFailure(TransportFailure reason) {
        failure = reason;
        record();
    }

    private void record() {
        if (calling && Thread.currentThread() == caller) {
            calledSynchronously = true;
        }
        calls.incrementAndGet();
        called.countDown();
    }

    /** Returns what the call returned, or null. */
    @Nullable
    public Object returned() {
        return returned;
    }

    public boolean isCalled() {
        return called.getCount() == 0;
    }

    /** Waits for success and returns what it yields; null for nothing. */
    @Nullable
    public T awaitSuccess() throws InterruptedException {
        await();
        assertThat(failure).as("the failure of what should succeed").isNull();
        return result;
    }

    /** Waits for success and returns what it yields. */
    public T get() throws InterruptedException {
        T value = awaitSuccess();
        if (value == null) {
            return fail("success without a result");
        }
        return value;
    }

    /** Waits for failure of one of {@code kinds}, which says what went wrong in one line. */
    public void requireFailure(TransportFailure.Kind... kinds) throws InterruptedException {
        await();
        TransportFailure reason = failure;
        if (reason == null) {
            fail("expected a failure, and it succeeded with " + result);
            return;
        }
        assertThat(reason.kind()).as("the kind of %s", reason).isIn((Object[]) kinds);
        assertThat(reason.message()).isNotBlank().doesNotContain("\n");
    }

    /** Waits for either. */
    public void await() throws InterruptedException {
        if (!called.await(maxWait.toMillis(), TimeUnit.MILLISECONDS)) {
            fail("the callback was not called within " + maxWait);
        }
    }

    /** Checks that it was called exactly once so far, and not inside the call that was given it. */
    public void requireCalledOnceAsynchronously() {
        assertThat(calls).as("calls of a callback").hasValue(1);
        assertThat(calledSynchronously)
                .as("the callback was called inside the call that was given it")
                .isFalse();
    }
}
