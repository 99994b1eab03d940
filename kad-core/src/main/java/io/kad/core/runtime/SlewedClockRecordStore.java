package io.kad.core.runtime;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
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
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * Record store that converts times: its callers go by the wall clock, and the store inside by the {@link SlewedClock}. The times of a record that
 * the local peer has published are not converted, as its user has set its expiry.
 *
 * @param store a store whose clock is {@link SlewedClock#earlierOfBoth}, as it holds expiries by both clocks
 * @param self the local peer
 */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
public record SlewedClockRecordStore(RecordStore store, SlewedClock clock, PeerId self) implements RecordStore {

    @Override
    public boolean mayBlock() {
        return store.mayBlock();
    }

    @Override
    public Optional<Record> get(RecordKey key) throws StoreException {
        Duration ahead = clock.ahead();
        return ahead.isZero() ? store.get(key) : store.get(key).flatMap(conversion(ahead)::toWallClock);
    }

    @Override
    public Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change) throws StoreException {
        Duration ahead = clock.ahead();
        if (ahead.isZero()) {
            return store.update(key, change);
        }
        Conversion conversion = conversion(ahead);
        return store.update(key, conversion.toStoreClock(change)).flatMap(conversion::toWallClock);
    }

    @Override
    public void updateAll(List<RecordChange> changes) throws StoreException {
        Conversion conversion = conversion();
        store.updateAll(changes.stream()
                .map(change -> new RecordChange(change.key(), conversion.toStoreClock(change.change())))
                .toList());
    }

    @Override
    public Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
        return conversion().toWallClock(store.page(after, limit));
    }

    @Override
    public Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException {
        return conversion().toWallClock(store.localPage(after, limit));
    }

    private Conversion conversion() {
        return conversion(clock.ahead());
    }

    private Conversion conversion(Duration ahead) {
        return new Conversion(ahead, clock.wall(), self);
    }

    /** Conversion of records at one time, when the wall clock says {@code wall} and is ahead by {@code ahead}. */
    private record Conversion(Duration ahead, Instant wall, PeerId self) {

        /** Returns a stored record as callers see it; empty if it is expired by the wall clock. */
        Optional<Record> toWallClock(Record stored) {
            return Optional.of(moved(stored, ahead)).filter(record -> ahead.isZero() || !record.isExpired(wall));
        }

        Page<Record> toWallClock(Page<Record> page) {
            return ahead.isZero()
                    ? page
                    : new Page<>(
                            page.items().stream()
                                    .map(this::toWallClock)
                                    .flatMap(Optional::stream)
                                    .toList(),
                            page.next());
        }

        UnaryOperator<Optional<Record>> toStoreClock(UnaryOperator<Optional<Record>> change) {
            return ahead.isZero()
                    ? change
                    : stored -> change.apply(stored.flatMap(this::toWallClock))
                            .map(record -> moved(record, ahead.negated()));
        }

        private Record moved(Record record, Duration shift) {
            boolean isLocal = record.publisher().filter(self::equals).isPresent();
            return shift.isZero() || isLocal
                    ? record
                    : record.withExpires(record.expires().map(time -> SlewedClock.moved(time, shift)))
                            .withTimeReceived(record.timeReceived().map(time -> SlewedClock.moved(time, shift)));
        }
    }

    @Override
    public int removeExpired(int limit) throws StoreException {
        return store.removeExpired(limit);
    }

    @Override
    public OptionalLong maxRemoteRecords() {
        return store.maxRemoteRecords();
    }

    @Override
    public OptionalLong maxRemoteBytes() {
        return store.maxRemoteBytes();
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
