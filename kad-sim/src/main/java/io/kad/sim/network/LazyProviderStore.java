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

/** A provider store that is made when the first provider comes, as most of a hundred thousand peers never hold one. */
public final class LazyProviderStore implements ProviderStore {

    private final Supplier<ProviderStore> maker;
    private @Nullable ProviderStore made;

    public LazyProviderStore(Supplier<ProviderStore> maker) {
        this.maker = maker;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public void add(ProviderRecord record) throws StoreException {
        ProviderStore store = made;
        if (store == null) {
            store = maker.get();
            made = store;
        }
        store.add(record);
    }

    @Override
    public List<ProviderRecord> providers(RecordKey key, int limit) throws StoreException {
        return made == null ? List.of() : made.providers(key, limit);
    }

    @Override
    public boolean remove(RecordKey key, PeerId provider) throws StoreException {
        return made != null && made.remove(key, provider);
    }

    @Override
    public Page<ProviderRecord> ownPage(Optional<Bytes> after, int limit) throws StoreException {
        return made == null ? new Page<>(List.of(), Optional.empty()) : made.ownPage(after, limit);
    }

    @Override
    public int removeExpired(int limit) throws StoreException {
        return made == null ? 0 : made.removeExpired(limit);
    }

    @Override
    public long size() throws StoreException {
        return made == null ? 0 : made.size();
    }

    @Override
    public void close() throws StoreException {
        if (made != null) {
            made.close();
        }
    }
}
