package io.kad.core.runtime;

import io.kad.api.spi.ProviderStore;
import io.kad.api.spi.RecordStore;
import io.kad.api.spi.StoreException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stores of a peer, and where calls to them run. Thread-safe. */
final class Stores {

    private static final Logger LOG = LoggerFactory.getLogger(Stores.class);

    private final RecordStore records;
    private final boolean closesRecords;
    private final ProviderStore providers;
    private final boolean closesProviders;
    private final Executor executor;

    /**
     * Makes the stores of a peer.
     *
     * @param closesRecords whether the record store is closed with the peer
     * @param closesProviders whether the provider store is closed with the peer
     * @param executor runs calls that may block
     */
    Stores(
            RecordStore records,
            boolean closesRecords,
            ProviderStore providers,
            boolean closesProviders,
            Executor executor) {
        this.records = records;
        this.closesRecords = closesRecords;
        this.providers = providers;
        this.closesProviders = closesProviders;
        this.executor = executor;
    }

    RecordStore records() {
        return records;
    }

    ProviderStore providers() {
        return providers;
    }

    boolean recordsBlock() {
        return records.mayBlock();
    }

    boolean providersBlock() {
        return providers.mayBlock();
    }

    /** Runs {@code work} where it may block. */
    void execute(Runnable work) {
        executor.execute(work);
    }

    /** Closes those stores that are the peer's own. */
    void close() {
        try {
            if (closesRecords) {
                records.close();
            }
            if (closesProviders) {
                providers.close();
            }
        } catch (StoreException failed) {
            LOG.warn("a store did not close in good order: {}", failed.getMessage());
        }
    }
}
