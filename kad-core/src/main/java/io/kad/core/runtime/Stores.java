package io.kad.core.runtime;

import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.core.plugin.PluginCloser;

/** Both stores of a peer. Thread-safe. */
public record Stores(StoreAccess<RecordStore> records, StoreAccess<ProviderStore> providers) {

    /** Closes the stores that the peer created; those of the user stay open. */
    public void close(PluginCloser closer) {
        close(records, closer);
        close(providers, closer);
    }

    private static void close(StoreAccess<?> access, PluginCloser closer) {
        closer.close(access.name(), access.close());
    }
}
