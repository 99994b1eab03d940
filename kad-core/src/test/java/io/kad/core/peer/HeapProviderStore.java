package io.kad.core.peer;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.StoreException;
import io.kad.core.engine.Peers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A provider store on the heap, with a limit. */
public final class HeapProviderStore implements ProviderStore {

    final boolean mayBlock;
    public int limit = Integer.MAX_VALUE;
    /** What an addition does last. */
    public Consumer<ProviderRecord> onAdd = record -> {};

    int closes;
    private final List<ProviderRecord> records = new ArrayList<>();

    public HeapProviderStore() {
        this(false);
    }

    HeapProviderStore(boolean mayBlock) {
        this.mayBlock = mayBlock;
    }

    @Override
    public boolean mayBlock() {
        return mayBlock;
    }

    private void check() throws StoreException {
        if (closes > 0) {
            throw new StoreException.Closed("closed");
        }
    }

    @Override
    public synchronized void add(ProviderRecord record) throws StoreException {
        check();
        if (!remove(record.key(), record.provider()) && records.size() >= limit) {
            throw new StoreException.Full("full");
        }
        records.add(record);
        onAdd.accept(record);
    }

    @Override
    public synchronized List<ProviderRecord> providers(RecordKey key, int limit) throws StoreException {
        check();
        return records.stream()
                .filter(record -> record.key().equals(key))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized boolean remove(RecordKey key, PeerId provider) throws StoreException {
        check();
        return records.removeIf(
                record -> record.key().equals(key) && record.provider().equals(provider));
    }

    @Override
    public synchronized Page<ProviderRecord> localPage(Optional<Bytes> after, int limit) throws StoreException {
        check();
        return new Page<>(
                records.stream()
                        .filter(record -> record.provider().equals(Peers.peer(0)))
                        .toList(),
                Optional.empty());
    }

    @Override
    public int removeExpired(int limit) {
        return 0;
    }

    @Override
    public synchronized long size() throws StoreException {
        check();
        return records.size();
    }

    @Override
    public synchronized void close() {
        closes++;
    }
}
