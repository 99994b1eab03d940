package io.kad.tck;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A record store that is right and simple: a sorted map behind one lock. Subclasses break one rule. */
class PlainRecordStore implements RecordStore {

    final SpiContext context;
    final RecordStoreFixture.Limits limits;
    final TreeMap<Bytes, Record> held = new TreeMap<>();
    private boolean closed;

    PlainRecordStore(SpiContext context, RecordStoreFixture.Limits limits) {
        this.context = context;
        this.limits = limits;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public synchronized Optional<Record> get(RecordKey key) throws StoreException {
        requireOpen();
        return Optional.ofNullable(held.get(key.bytes())).filter(this::isLive);
    }

    @Override
    public synchronized Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change)
            throws StoreException {
        Optional<Record> before = get(key);
        Optional<Record> after = change.apply(before);
        if (after.isPresent() && !after.get().key().equals(key)) {
            throw new IllegalArgumentException("another key");
        }
        if (after.isPresent() && isLive(after.get())) {
            admit(after.get(), before);
            held.put(key.bytes(), after.get());
        } else {
            held.remove(key.bytes());
        }
        changed();
        return get(key);
    }

    /** Called when what is held has changed. */
    void changed() throws StoreException {}

    void admit(Record record, Optional<Record> before) throws StoreException {
        if (record.value().size() > limits.valueBytes()) {
            throw new StoreException.TooLarge("value");
        }
        if (before.isEmpty() && !hasPlace(record)) {
            throw new StoreException.Full("records");
        }
    }

    boolean hasPlace(Record record) throws StoreException {
        removeExpired(Integer.MAX_VALUE);
        long held = count(isOwn(record));
        return held < (isOwn(record) ? limits.localRecords() : limits.remoteRecords());
    }

    long count(boolean own) {
        return held.values().stream().filter(record -> isOwn(record) == own).count();
    }

    boolean isOwn(Record record) {
        return record.publisher().filter(context.self()::equals).isPresent();
    }

    boolean isLive(Record record) {
        return !record.isExpired(context.clock().instant());
    }

    boolean isPaged(Record record) {
        return isLive(record);
    }

    @Override
    public synchronized Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
        requireOpen();
        List<Record> items = new ArrayList<>();
        for (Record record : (after.isPresent() ? held.tailMap(after.get(), false) : held).values()) {
            if (items.size() == limit) {
                return new Page<>(items, Optional.of(items.get(limit - 1).key().bytes()));
            }
            if (isPaged(record)) {
                items.add(record);
            }
        }
        return new Page<>(items, Optional.empty());
    }

    @Override
    public synchronized Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException {
        Page<Record> page = page(after, limit);
        return new Page<>(page.items().stream().filter(this::isOwn).toList(), page.next());
    }

    @Override
    public synchronized int removeExpired(int limit) throws StoreException {
        requireOpen();
        List<Bytes> expired = held.values().stream()
                .filter(record -> !isLive(record))
                .limit(limit)
                .map(record -> record.key().bytes())
                .toList();
        expired.forEach(held::remove);
        return expired.size();
    }

    @Override
    public synchronized long size() throws StoreException {
        requireOpen();
        return held.size();
    }

    @Override
    public synchronized void close() throws StoreException {
        closed = true;
    }

    void requireOpen() throws StoreException {
        if (closed) {
            throw new StoreException.Closed("closed");
        }
    }
}
