package io.kad.store.rocksdb;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.ProviderStoreTck;
import java.util.Map;
import java.util.Optional;

class RocksProviderStoreTckTest extends ProviderStoreTck {

    @Override
    protected ProviderStore createStore(SpiContext context, Limits limits) throws StoreException {
        Map<String, String> options = Map.of(
                "rocksdb.max-providers", "" + limits.remote(),
                "rocksdb.max-local-providers", "" + limits.local(),
                "rocksdb.max-providers-per-key", "" + limits.remotePerKey(),
                "rocksdb.max-keys-per-provider", "" + limits.remotePerProvider());
        return new RocksProviderStoreProvider().create(Contexts.withOptions(context, options));
    }

    @Override
    protected Optional<ProviderStore> reopenStore(SpiContext context, Limits limits) throws StoreException {
        return Optional.of(createStore(context, limits));
    }
}
