package io.kad.core.runtime;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Provider store that converts times between the wall clock of its callers and the clock of the store. */
public record SlewedClockProviderStore(ProviderStore store, SlewedClock clock) implements ProviderStore {

    @Override
    public boolean mayBlock() {
        return store.mayBlock();
    }

    @Override
    public void add(ProviderRecord record) throws StoreException {
        store.add(moved(record, clock.ahead().negated()));
    }

    @Override
    public void addAll(List<ProviderRecord> records) throws StoreException {
        store.addAll(moved(records, clock.ahead().negated()));
    }

    @Override
    public List<ProviderRecord> providers(RecordKey key, int limit) throws StoreException {
        return moved(store.providers(key, limit), clock.ahead());
    }

    @Override
    public boolean remove(RecordKey key, PeerId provider) throws StoreException {
        return store.remove(key, provider);
    }

    @Override
    public Page<ProviderRecord> localPage(Optional<Bytes> after, int limit) throws StoreException {
        Page<ProviderRecord> page = store.localPage(after, limit);
        Duration ahead = clock.ahead();
        return ahead.isZero() ? page : new Page<>(moved(page.items(), ahead), page.next());
    }

    private static List<ProviderRecord> moved(List<ProviderRecord> records, Duration shift) {
        return shift.isZero()
                ? records
                : records.stream().map(record -> moved(record, shift)).toList();
    }

    private static ProviderRecord moved(ProviderRecord record, Duration shift) {
        return shift.isZero()
                ? record
                : new ProviderRecord(
                        record.key(),
                        record.provider(),
                        record.addresses(),
                        record.expires().map(time -> SlewedClock.moved(time, shift)));
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
