package io.kad.core.runtime;

import io.kad.api.spi.store.StoreException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access to a store. Calls run on the calling thread if the store never blocks, and otherwise on the store executor. Thread-safe.
 *
 * @param userStore the store, as users see it
 * @param calledStore the store as this peer calls it: the same store, or a wrapper that measures its calls
 * @param mayBlock whether calls may block
 * @param close closes the store; does nothing for a store that the user passed to the builder
 * @param executor runs calls that may block; bounded, so that it rejects calls under load
 */
public record StoreAccess<S>(S userStore, S calledStore, boolean mayBlock, AutoCloseable close, Executor executor) {

    private static final FailureKinds FAILURES = new FailureKinds();
    private static final Logger LOG = LoggerFactory.getLogger(StoreAccess.class);

    /** Call of a store. */
    @FunctionalInterface
    public interface StoreTask<S> {

        /** Uses {@code store}. */
        void run(S store) throws StoreException;
    }

    /** Call of a store with a result. */
    @FunctionalInterface
    public interface StoreCall<S, T> {

        /** Calls {@code store} and returns the result. */
        T apply(S store) throws StoreException;
    }

    /** Runs {@code use} with the store, on this thread or on the store executor. Every failure is passed to {@code onFailure}. */
    public void withStore(StoreTask<S> use, Consumer<StoreException> onFailure) {
        call(
                store -> {
                    use.run(store);
                    return this;
                },
                done -> {},
                onFailure);
    }

    /**
     * Calls the store, on this thread or on the store executor. There the result is passed to {@code onResult}, or the failure of the
     * store to {@code onFailure}. A failure of {@code onResult} is not one of the store: it is thrown, on the store executor to the thread's
     * handler of uncaught exceptions.
     */
    public <T> void call(StoreCall<S, T> call, Consumer<T> onResult, Consumer<StoreException> onFailure) {
        if (!mayBlock) {
            callHere(call, onResult, onFailure);
            return;
        }
        try {
            executor.execute(() -> callHere(call, onResult, onFailure));
        } catch (RejectedExecutionException e) {
            onFailure.accept(new StoreException.Failed("too many pending store calls; retry later", e));
        }
    }

    private <T> void callHere(StoreCall<S, T> call, Consumer<T> onResult, Consumer<StoreException> onFailure) {
        @Nullable T result;
        try {
            result = call.apply(calledStore);
        } catch (StoreException e) {
            onFailure.accept(e);
            return;
        } catch (Throwable e) {
            String name = userStore.getClass().getName();
            if (FAILURES.isFirst(name, e)) {
                LOG.error("store {} failed; further failures of this kind are logged at debug level", name, e);
            } else {
                LOG.debug("store {} failed", name, e);
            }
            onFailure.accept(new StoreException.Failed("store " + name + " failed: " + e, e));
            return;
        }
        if (result == null) {
            onFailure.accept(invalidResult("null"));
        } else {
            onResult.accept(result);
        }
    }

    private StoreException invalidResult(String result) {
        String message = "store " + userStore.getClass().getName() + " returned " + result;
        return new StoreException.Failed(message, new IllegalStateException(message));
    }

    /**
     * Calls the store as {@link #call} does, and passes the event that {@code toEvent} makes of its result to {@code onEvent}. A result of
     * which no event can be made is a failure of the store.
     */
    public <T, V> void callForEvent(
            StoreCall<S, T> call,
            Function<T, V> toEvent,
            Consumer<? super V> onEvent,
            Consumer<StoreException> onFailure) {
        call(
                call,
                result -> {
                    V event;
                    try {
                        event = toEvent.apply(result);
                    } catch (RuntimeException e) {
                        onFailure.accept(invalidResult("an invalid result: " + e));
                        return;
                    }
                    onEvent.accept(event);
                },
                onFailure);
    }
}
