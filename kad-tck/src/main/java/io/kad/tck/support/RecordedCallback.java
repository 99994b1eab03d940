package io.kad.tck.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.TransportFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Callback that records its result, the number of its calls, and the thread. Thread-safe.
 *
 * @param <T> the type of the result
 */
public final class RecordedCallback<T> implements Callback<T> {

    private final Duration maxWait;
    private final Thread caller = Thread.currentThread();
    private final CountDownLatch called = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    /** Calls in their order: "delayed", "resumed", and "completed". */
    private final List<String> order = new CopyOnWriteArrayList<>();

    private volatile boolean calling = true;
    private volatile boolean calledSynchronously;
    private volatile @Nullable T result;
    private volatile @Nullable TransportFailure failure;
    private @Nullable Object returned;

    private RecordedCallback(Duration maxWait) {
        this.maxWait = maxWait;
    }

    /**
     * Makes {@code call} with a new callback, and returns the callback.
     *
     * @param maxWait the longest time that {@link #await} waits for the callback
     */
    public static <T> RecordedCallback<T> of(Duration maxWait, Function<Callback<T>, @Nullable Object> call) {
        RecordedCallback<T> callback = new RecordedCallback<>(maxWait);
        callback.returned = call.apply(callback);
        callback.calling = false;
        return callback;
    }

    @Override
    public void onQueued() {
        order.add("delayed");
    }

    @Override
    public void onDequeued() {
        order.add("resumed");
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
        order.add("completed");
        calls.incrementAndGet();
        called.countDown();
    }

    /** Returns the return value of the call, or null. */
    @Nullable
    public Object returned() {
        return returned;
    }

    /** Returns whether the callback was called. */
    public boolean isCalled() {
        return called.getCount() == 0;
    }

    /** Returns whether the request is delayed now. */
    public boolean isQueued() {
        return !order.isEmpty() && order.get(order.size() - 1).equals("delayed");
    }

    /** Checks that the request was resumed after each delay, and that nothing followed its result. */
    public void requireSentAndCompleted() {
        List<String> expected = new ArrayList<>();
        for (int time = 0; time < order.size() / 2; time++) {
            expected.addAll(List.of("delayed", "resumed"));
        }
        expected.add("completed");
        assertThat(order).as("the calls of a callback").isEqualTo(expected);
    }

    /** Waits for success and returns the result, which may be null. */
    @Nullable
    public T awaitSuccess() throws InterruptedException {
        await();
        assertThat(failure).as("the failure of a call that must succeed").isNull();
        return result;
    }

    /** Waits for success and returns the result, which must not be null. */
    public T get() throws InterruptedException {
        T value = awaitSuccess();
        if (value == null) {
            return fail("the result must not be null");
        }
        return value;
    }

    /** Waits for a failure of one of {@code kinds} with a message of one line. */
    public void requireFailure(TransportFailure.Kind... kinds) throws InterruptedException {
        await();
        TransportFailure reason = failure;
        if (reason == null) {
            fail("expected a failure, got the result " + result);
            return;
        }
        assertThat(reason.kind()).as("the kind of %s", reason).isIn((Object[]) kinds);
        assertThat(reason.message()).isNotBlank().doesNotContain("\n");
    }

    /** Waits for success or failure. */
    public void await() throws InterruptedException {
        if (!called.await(maxWait.toMillis(), TimeUnit.MILLISECONDS)) {
            fail("timed out after " + maxWait.toMillis() + " ms while waiting for the callback");
        }
    }

    /** Checks that the callback was called exactly once so far, and not within the call that received it. */
    public void requireCalledOnceAsynchronously() {
        assertThat(calls).as("calls of a callback").hasValue(1);
        assertThat(calledSynchronously)
                .as("called within the call that received the callback")
                .isFalse();
    }
}
