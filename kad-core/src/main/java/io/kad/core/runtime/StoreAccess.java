package io.kad.core.runtime;

import io.kad.api.spi.store.StoreException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store, and where calls to it run: where they are made if it never blocks, on the store executor if it may. Thread-safe.
 *
 * @param store the store, as users see it
 * @param called the store as this peer calls it: the same, or one that measures its calls
 * @param mayBlock whether calls may wait
 * @param close closes the store, or does nothing if it is not the peer's own
 * @param executor runs calls that may wait; bounded, so that it refuses some under load
 */
public record StoreAccess<S>(S store, S called, boolean mayBlock, AutoCloseable close, Executor executor) {

    private static final Logger LOG = LoggerFactory.getLogger(StoreAccess.class);

    /** A use of a store. */
    @FunctionalInterface
    public interface Use<S> {

        /** Uses {@code store}. */
        void with(S store) throws StoreException;
    }

    /** Makes {@code use} of the store, here or where it may block; a failure of any kind ends in {@code onFailure}. */
    public void use(Use<S> use, Consumer<StoreException> onFailure) {
        if (!mayBlock) {
            run(use, onFailure);
            return;
        }
        try {
            executor.execute(() -> run(use, onFailure));
        } catch (RejectedExecutionException refused) {
            onFailure.accept(new StoreException.Failed("too many calls wait for the store", refused));
        }
    }

    private void run(Use<S> use, Consumer<StoreException> onFailure) {
        try {
            use.with(called);
        } catch (StoreException failed) {
            onFailure.accept(failed);
        } catch (RuntimeException fault) {
            LOG.error("{} failed", store.getClass().getName(), fault);
            onFailure.accept(new StoreException.Failed("the store failed: " + fault, fault));
        }
    }
}
