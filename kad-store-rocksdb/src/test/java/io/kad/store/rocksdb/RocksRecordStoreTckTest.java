package io.kad.store.rocksdb;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.RecordStoreTck;
import java.util.Map;
import java.util.Optional;

class RocksRecordStoreTckTest extends RecordStoreTck {

    @Override
    protected RecordStore createStore(SpiContext context, Limits limits) throws StoreException {
        Map<String, String> options = Map.of(
                "rocksdb.max-records", "" + limits.remoteRecords(),
                "rocksdb.max-local-records", "" + limits.localRecords(),
                "rocksdb.max-value-bytes", "" + limits.valueBytes());
        return new RocksRecordStoreProvider().create(Contexts.withOptions(context, options));
    }

    @Override
    protected Optional<RecordStore> reopenStore(SpiContext context, Limits limits) throws StoreException {
        return Optional.of(createStore(context, limits));
    }
}
