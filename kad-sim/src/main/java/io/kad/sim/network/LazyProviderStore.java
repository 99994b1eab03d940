package io.kad.sim.network;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Provider store that is created when the first provider record is added, as most peers of a large network never store one. Confined to
 * the thread of the network.
 */
public final class LazyProviderStore implements ProviderStore {

    private final Supplier<ProviderStore> factory;
    private @Nullable ProviderStore delegate;

    /** Creates an empty store; {@code factory} is called at most once. */
    public LazyProviderStore(Supplier<ProviderStore> factory) {
        this.factory = factory;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public void add(ProviderRecord record) throws StoreException {
        ProviderStore store = delegate;
        if (store == null) {
            store = factory.get();
            delegate = store;
        }
        store.add(record);
    }

    @Override
    public List<ProviderRecord> providers(RecordKey key, int limit) throws StoreException {
        return delegate == null ? List.of() : delegate.providers(key, limit);
    }

    @Override
    public boolean remove(RecordKey key, PeerId provider) throws StoreException {
        return delegate != null && delegate.remove(key, provider);
    }

    @Override
    public Page<ProviderRecord> localPage(Optional<Bytes> after, int limit) throws StoreException {
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
