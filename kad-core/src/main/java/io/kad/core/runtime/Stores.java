package io.kad.core.runtime;

import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Both stores of a peer. Thread-safe. */
public record Stores(StoreAccess<RecordStore> records, StoreAccess<ProviderStore> providers) {

    private static final Logger LOG = LoggerFactory.getLogger(Stores.class);

    /** Closes the stores that the peer created; those of the user stay open. */
    public void close() {
        close(records);
        close(providers);
    }

    private static void close(StoreAccess<?> access) {
        try {
            access.close().close();
        } catch (Exception e) {
            LOG.warn("failed to close {}", access.userStore().getClass().getName(), e);
        }
    }
}
