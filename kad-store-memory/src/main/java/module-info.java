import io.kad.api.spi.store.ProviderStoreProvider;
import io.kad.api.spi.store.RecordStoreProvider;
import io.kad.store.memory.MemoryProviderStoreProvider;
import io.kad.store.memory.MemoryRecordStoreProvider;

/** Bounded record and provider stores in memory. */
module io.kad.store.memory {
    requires transitive io.kad.api;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.kad.store.memory;

    provides RecordStoreProvider with
            MemoryRecordStoreProvider;
    provides ProviderStoreProvider with
            MemoryProviderStoreProvider;
}
