package io.kad.core.runtime;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.RecordChange;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Record store that converts times between the wall clock of its callers and the clock of the store. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
public record LifetimeRecordStore(RecordStore store, LifetimeClock clock) implements RecordStore {

    @Override
    public boolean mayBlock() {
        return store.mayBlock();
    }

    @Override
    public Optional<Record> get(RecordKey key) throws StoreException {
        Duration ahead = clock.ahead();
        return store.get(key).map(record -> moved(record, ahead));
    }

    @Override
    public Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change) throws StoreException {
        Duration ahead = clock.ahead();
        return store.update(key, converted(change, ahead)).map(record -> moved(record, ahead));
    }

    @Override
    public void updateAll(List<RecordChange> changes) throws StoreException {
        Duration ahead = clock.ahead();
        store.updateAll(changes.stream()
                .map(change -> new RecordChange(change.key(), converted(change.change(), ahead)))
                .toList());
    }

    private static UnaryOperator<Optional<Record>> converted(UnaryOperator<Optional<Record>> change, Duration ahead) {
        return ahead.isZero()
                ? change
                : stored -> change.apply(stored.map(record -> moved(record, ahead)))
                        .map(record -> moved(record, ahead.negated()));
    }

    @Override
    public Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
        return moved(store.page(after, limit));
    }

    @Override
    public Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException {
        return moved(store.localPage(after, limit));
    }

    private Page<Record> moved(Page<Record> page) {
        Duration ahead = clock.ahead();
        return ahead.isZero()
                ? page
                : new Page<>(
                        page.items().stream()
                                .map(record -> moved(record, ahead))
                                .toList(),
                        page.next());
    }

    private static Record moved(Record record, Duration shift) {
        return shift.isZero()
                ? record
                : record.withExpires(record.expires().map(time -> moved(time, shift)))
                        .withTimeReceived(record.timeReceived().map(time -> moved(time, shift)));
    }

    /** Returns {@code time} moved by {@code shift}, or the same if it is at the end of all times. */
    static Instant moved(Instant time, Duration shift) {
        boolean isMovable =
                shift.isNegative() ? time.isAfter(Instant.MIN.minus(shift)) : time.isBefore(Instant.MAX.minus(shift));
        return isMovable ? time.plus(shift) : time;
    }

    @Override
    public int removeExpired(int limit) throws StoreException {
        return store.removeExpired(limit);
    }

    @Override
    public long size() throws StoreException {
        return store.size();
    }

    @Override
    public Map<String, Long> statistics() throws StoreException {
        return store.statistics();
    }

    @Override
    public void close() throws StoreException {
        store.close();
    }
}
