package example.store;

import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.RecordStoreProvider;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.StoreException;
import java.util.Optional;

/** Factory of {@link FileRecordStore}s, found by ServiceLoader. Selected by its name in a configuration, or by its priority. */
public final class FileRecordStoreProvider implements RecordStoreProvider {

    private static final FileRecordStore.Limits LIMITS = new FileRecordStore.Limits(10_000, 10_000, 65_536);

    @Override
    public String name() {
        return "files";
    }

    @Override
    public int priority() {
        return 50;
    }

    @Override
    public Optional<String> unavailable(SpiContext context) {
        return context.missingDataDirectory();
    }

    @Override
    public RecordStore create(SpiContext context) throws StoreException {
        return new FileRecordStore(context, LIMITS);
    }
}
