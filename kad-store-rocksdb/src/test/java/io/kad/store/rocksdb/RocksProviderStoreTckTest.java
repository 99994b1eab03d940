package io.kad.store.rocksdb;

import io.kad.api.spi.ProviderStore;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.StoreException;
import io.kad.tck.ProviderStoreTck;
import java.util.Map;

class RocksProviderStoreTckTest extends ProviderStoreTck {

    @Override
    protected ProviderStore createStore(SpiContext context, Limits limits) throws StoreException {
        Map<String, String> options = Map.of(
                "rocksdb.max-providers", "" + limits.foreign(),
                "rocksdb.max-own-providers", "" + limits.own(),
                "rocksdb.max-providers-per-key", "" + limits.foreignPerKey());
        return new RocksProviderStoreProvider()
                .create(new SpiContext(
                        context.self(),
                        context.clock(),
                        context.dataDirectory(),
                        options,
                        context.executor(),
                        context.listener()));
    }
}
