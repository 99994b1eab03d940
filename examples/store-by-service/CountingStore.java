import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.*;
import io.kad.store.memory.*;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A record store of one's own: another one that counts how often it is written. */
public record CountingStore(RecordStore inner, AtomicInteger writes) implements RecordStore {
    public static final AtomicInteger WRITES = new AtomicInteger();

    public static class Provider implements RecordStoreProvider {
        @Override
        public String name() {
            return "counting";
        }

        @Override
        public int priority() {
            return 50; // above the memory store, so it is chosen without being named
        }

        @Override
        public RecordStore create(SpiContext context) throws StoreException {
            return new CountingStore(new MemoryRecordStoreProvider().create(context), WRITES);
        }
    }

    @Override
    public boolean mayBlock() {
        return inner.mayBlock();
    }

    @Override
    public Optional<Record> get(RecordKey key) throws StoreException {
        return inner.get(key);
    }

    @Override
    public Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change) throws StoreException {
        writes.incrementAndGet();
        return inner.update(key, change);
    }

    @Override
    public Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
        return inner.page(after, limit);
    }

    @Override
    public Page<Record> ownPage(Optional<Bytes> after, int limit) throws StoreException {
        return inner.ownPage(after, limit);
    }

    @Override
    public int removeExpired(int limit) throws StoreException {
        return inner.removeExpired(limit);
    }

    @Override
    public long size() throws StoreException {
        return inner.size();
    }

    @Override
    public void close() throws StoreException {
        inner.close();
    }
}
