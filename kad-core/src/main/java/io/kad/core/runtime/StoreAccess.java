package io.kad.core.runtime;

import io.kad.api.spi.store.StoreException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access to a store. Calls run on the calling thread if the store never blocks, and otherwise on the store executor. The first failure of
 * each kind is logged; limits that were reached and closed stores only at debug level, as they are no faults. Thread-safe.
 */
public final class StoreAccess<S> {

    private static final Logger LOG = LoggerFactory.getLogger(StoreAccess.class);

    private final String name;
    private final S userStore;
    private final S wrappedStore;
    private final boolean mayBlock;
    private final AutoCloseable close;
    private final Executor executor;
    private final Executor failureExecutor;
    private final CallObserver observer;
    private final LogDeduplicator loggedFailures = new LogDeduplicator();

    /**
     * Creates the access to a store.
     *
     * @param userStore the store, as users see it
     * @param wrappedStore the store as this peer calls it: the same store, or a wrapper that measures its calls and converts
     *     their times
     * @param mayBlock whether calls may block
     * @param close closes the store; does nothing for a store that the user passed to the builder
     * @param executor runs calls that may block; bounded, so that it rejects calls under load
     * @param failureExecutor passes on the failure of a call that {@code executor} has rejected
     */
    public StoreAccess(
            S userStore,
            S wrappedStore,
            boolean mayBlock,
            AutoCloseable close,
            Executor executor,
            Executor failureExecutor) {
        this(userStore.getClass().getName(), userStore, wrappedStore, mayBlock, close, executor, failureExecutor);
    }

    /**
     * Creates the access to a store whose name in the log is not that of its class.
     *
     * @param name the name of the store in the log: that of its own class
     * @see #StoreAccess(Object, Object, boolean, AutoCloseable, Executor, Executor)
     */
    public StoreAccess(
            String name,
            S userStore,
            S wrappedStore,
            boolean mayBlock,
            AutoCloseable close,
            Executor executor,
            Executor failureExecutor) {
        this(name, userStore, wrappedStore, mayBlock, close, executor, failureExecutor, CallObserver.NONE);
    }

    private StoreAccess(
            String name,
            S userStore,
            S wrappedStore,
            boolean mayBlock,
            AutoCloseable close,
            Executor executor,
            Executor failureExecutor,
            CallObserver observer) {
        this.observer = observer;
        this.name = name;
        this.userStore = userStore;
        this.wrappedStore = wrappedStore;
        this.mayBlock = mayBlock;
        this.close = close;
        this.executor = executor;
        this.failureExecutor = failureExecutor;
    }

    /** Returns access to the same store, whose calls {@code calls} observes. */
    public StoreAccess<S> observedBy(CallObserver calls) {
        return new StoreAccess<>(name, userStore, wrappedStore, mayBlock, close, executor, failureExecutor, calls);
    }

    /** Returns the name of the store in the log. */
    public String name() {
        return name;
    }

    /** Returns the store, as users see it. */
    public S userStore() {
        return userStore;
    }

    /** Returns what closes the store, unless its user does. */
    public AutoCloseable close() {
        return close;
    }

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

    /** Observer of the calls of a store, on the threads of the calls; must neither block nor throw. */
    public interface CallObserver {

        /** Observer that ignores everything. */
        CallObserver NONE = new CallObserver() {
            @Override
            public long begin() {
                return 0;
            }

            @Override
            public void end(long start, Optional<Throwable> failure) {}
        };

        /** Called before a call; returns the time, which {@link #end} gets. */
        long begin();

        /** Called after a call, with its failure if it failed. */
        void end(long start, Optional<Throwable> failure);
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
     * Calls the store: on this thread if it never blocks, otherwise later, on the store executor. {@code onResult} or {@code onFailure} is called on the thread
     * that called the store. If the store executor rejects the call, {@code onFailure} is called on the
     * failure executor. What {@code onResult} throws is no failure of the store: it is thrown to the caller of this method, or to the handler of
     * uncaught exceptions if that was on the store executor.
     */
    public <T> void call(StoreCall<S, T> call, Consumer<T> onResult, Consumer<StoreException> onFailure) {
        if (!mayBlock) {
            callOnThisThread(call, onResult, onFailure);
            return;
        }
        try {
            executor.execute(() -> callOnThisThread(call, onResult, onFailure));
        } catch (RejectedExecutionException e) {
            StoreException failure = new StoreException.Failed("too many pending store calls; retry later", e);
            logFailure(failure);
            failureExecutor.execute(() -> onFailure.accept(failure));
        }
    }

    private <T> void callOnThisThread(StoreCall<S, T> call, Consumer<T> onResult, Consumer<StoreException> onFailure) {
        @Nullable T result = null;
        @Nullable Throwable fault = null;
        long start = observer.begin();
        try {
            result = call.apply(wrappedStore);
        } catch (Throwable e) {
            fault = e;
        }
        observer.end(start, Optional.ofNullable(fault));
        if (fault != null) {
            logFailure(fault);
            onFailure.accept(
                    fault instanceof StoreException failure
                            ? failure
                            : new StoreException.Failed("store " + name + " failed: " + fault, fault));
        } else if (result == null) {
            onFailure.accept(invalidResult("null"));
        } else {
            onResult.accept(result);
        }
    }

    private void logFailure(Throwable failure) {
        boolean isExpected = failure instanceof StoreException && !(failure instanceof StoreException.Failed);
        if (isExpected || !loggedFailures.isFirst(name, failure)) {
            LOG.debug("store {} failed", name, failure);
        } else if (failure instanceof StoreException) {
            LOG.warn(
                    "store {} failed; further failures of this kind are logged at debug level: {}",
                    name,
                    failure.getMessage());
        } else {
            LOG.error("store {} failed; further failures of this kind are logged at debug level", name, failure);
        }
    }

    private StoreException invalidResult(String result) {
        String message = "store " + name + " returned " + result;
        StoreException failure = new StoreException.Failed(message, new IllegalStateException(message));
        logFailure(failure);
        return failure;
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
