package example.store;

import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.RecordStoreTck;
import java.util.Optional;

/** Runs the compatibility tests of record stores. */
class FileRecordStoreTckTest extends RecordStoreTck {

    @Override
    protected RecordStore createStore(SpiContext context, Limits limits) throws StoreException {
        return new FileRecordStore(
                context,
                new FileRecordStore.Limits(limits.remoteRecords(), limits.localRecords(), limits.valueBytes()));
    }

    @Override
    protected Optional<RecordStore> reopenStore(SpiContext context, Limits limits) throws StoreException {
        return Optional.of(createStore(context, limits));
    }
}
