package io.kad.core.runtime;

import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two stores of a peer. Thread-safe. */
public record Stores(StoreAccess<RecordStore> records, StoreAccess<ProviderStore> providers) {

    private static final Logger LOG = LoggerFactory.getLogger(Stores.class);

    /** Closes those that are the peer's own. */
    public void close() {
        close(records);
        close(providers);
    }

    private static void close(StoreAccess<?> access) {
        try {
            access.close().close();
        } catch (Exception failed) {
            LOG.warn("{} did not close in good order", access.store().getClass().getName(), failed);
        }
    }
}
