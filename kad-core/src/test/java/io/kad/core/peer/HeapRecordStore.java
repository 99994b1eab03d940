package io.kad.core.peer;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A record store on the heap, with a limit, and with whatever failure a test wants. */
public class HeapRecordStore implements RecordStore {

    final boolean mayBlock;
    public int limit = Integer.MAX_VALUE;
    public RuntimeException defect;
    public StoreException failure;
    /** What each call does first. */
    public Runnable onCall = () -> {};
    /** What an update does last. */
    public Consumer<Record> onUpdate = record -> {};

    int closes;
    private final Map<RecordKey, Record> records = new TreeMap<>();

    public HeapRecordStore() {
        this(false);
    }

    HeapRecordStore(boolean mayBlock) {
        this.mayBlock = mayBlock;
    }

    @Override
    public boolean mayBlock() {
        return mayBlock;
    }

    private void check() throws StoreException {
        onCall.run();
        if (defect != null) {
            throw defect;
        }
        if (failure != null) {
            throw failure;
        }
        if (closes > 0) {
            throw new StoreException.Closed("closed");
        }
    }

    @Override
    public synchronized Optional<Record> get(RecordKey key) throws StoreException {
        check();
        return Optional.ofNullable(records.get(key));
    }

    @Override
    public synchronized Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change)
            throws StoreException {
        check();
        Optional<Record> next = change.apply(Optional.ofNullable(records.get(key)));
        if (next.isPresent() && !records.containsKey(key) && records.size() >= limit) {
            throw new StoreException.Full("full");
        }
        next.ifPresentOrElse(record -> records.put(key, record), () -> records.remove(key));
        next.ifPresent(onUpdate);
        return next;
    }

    @Override
    public synchronized Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
        check();
        return new Page<>(records.values().stream().limit(limit).toList(), Optional.empty());
    }

    @Override
    public synchronized Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException {
        return new Page<>(
                page(after, limit).items().stream()
                        .filter(record -> record.publisher().isPresent())
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
