package io.kad.sim.network;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Record store that is created at the first update, as most peers of a large network never store a record. Confined to the thread of
 * the network.
 */
public final class LazyRecordStore implements RecordStore {

    private final Supplier<RecordStore> factory;
    private @Nullable RecordStore delegate;

    /** Creates an empty store; {@code factory} is called at most once. */
    public LazyRecordStore(Supplier<RecordStore> factory) {
        this.factory = factory;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Optional<Record> get(RecordKey key) throws StoreException {
        return delegate == null ? Optional.empty() : delegate.get(key);
    }

    @Override
    public Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change) throws StoreException {
        RecordStore store = delegate;
        if (store == null) {
            store = factory.get();
            delegate = store;
        }
        return store.update(key, change);
    }

    @Override
    public Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
        return delegate == null ? new Page<>(List.of(), Optional.empty()) : delegate.page(after, limit);
    }

    @Override
    public Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException {
        return delegate == null ? new Page<>(List.of(), Optional.empty()) : delegate.localPage(after, limit);
    }

    @Override
    public int removeExpired(int limit) throws StoreException {
        return delegate == null ? 0 : delegate.removeExpired(limit);
    }

    @Override
    public long size() throws StoreException {
        return delegate == null ? 0 : delegate.size();
    }

    @Override
    public void close() throws StoreException {
        if (delegate != null) {
            delegate.close();
        }
    }
}
