package io.kad.store.rocksdb;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;
import io.kad.store.rocksdb.database.RocksStoreOptions;
import java.util.Map;
import java.util.Optional;

/** Common base of the two providers: name, priority and availability. */
abstract class RocksStoreProvider implements SpiProvider {

    private static final int PRIORITY = 100;

    @Override
    public final String name() {
        return "rocksdb";
    }

    @Override
    public final int priority() {
        return PRIORITY;
    }

    @Override
    public final Optional<String> unavailable(SpiContext context) {
        return context.missingDataDirectory();
    }

    @Override
    public final Map<String, String> options(Map<String, String> given) {
        return RocksStoreOptions.parse(given).effective();
    }
}
