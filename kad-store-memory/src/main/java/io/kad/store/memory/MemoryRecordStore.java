package io.kad.store.memory;

import static io.kad.api.spi.store.Page.requirePositive;
import static io.kad.store.memory.MemoryStoreOptions.requireFits;
import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.StoreListener;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.RecordChange;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import io.kad.store.memory.EntryTable.ChangeResult;
import io.kad.store.memory.MemoryStoreOptions.Option;
import io.kad.store.memory.QuotaTracker.Content;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Bounded record store in memory. When the quota of remote records is full, the records that its listener names are evicted first; then the remote record with the greatest
 * {@linkplain EvictionRank distance times size} is evicted in favour of one with a smaller product. Local records are never evicted.
 *
 * <p>Pages are in the order of the bytes of the keys. Thread-safe; never blocks.
 */
public final class MemoryRecordStore implements RecordStore {

    private final PeerId self;
    private final InstantSource clock;
    private final MemoryStoreLimits.Records limits;
    private final StoreListener listener;
    private final KadKey selfKey;
    private final QuotaTracker quotas;
    private final KeyIndex<MemoryRecordEntry> keys = new KeyIndex<>(entry -> true);
    private final KeyIndex<MemoryRecordEntry> localKeys = new KeyIndex<>(MemoryRecordEntry::isLocal);
    private final LongAdder evictions = new LongAdder();
    private final EntryTable<MemoryRecordEntry> entries;

    /**
     * Creates an empty store.
     *
     * @param self the local peer, whose records are local
     * @param clock the wall clock that decides which records are expired
     */
    public MemoryRecordStore(PeerId self, InstantSource clock, MemoryStoreLimits.Records limits) {
        this(self, clock, limits, StoreListener.NONE);
    }

    /**
     * Creates an empty store.
     *
     * @param self the local peer, whose records are local and from which distances are measured
     * @param clock the wall clock that decides which records are expired
     * @param listener receives evictions; called under the lock of the store
     */
    public MemoryRecordStore(
            PeerId self, InstantSource clock, MemoryStoreLimits.Records limits, StoreListener listener) {
        this.self = requireNonNull(self, "self");
        this.clock = requireNonNull(clock, "clock");
        this.limits = requireNonNull(limits, "limits");
        this.quotas = new QuotaTracker(Content.RECORDS, limits.local(), limits.remote());
        this.listener = requireNonNull(listener, "listener");
        this.selfKey = KadKey.hash(self.bytes());
        var evictionRule = new RecordEvictionRule(listener);
        this.entries =
                new EntryTable<>(clock, quotas, List.of(keys, localKeys, evictionRule), evictionRule, this::onEviction);
    }

    private void onEviction(MemoryRecordEntry evicted, MemoryRecordEntry closer) {
        evictions.increment();
        listener.recordEvicted(evicted.record(), closer.record());
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Optional<Record> get(RecordKey key) throws StoreException {
        return live(entries.get(key.bytes()), clock.instant());
    }

    @Override
    public Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change) throws StoreException {
        Update update = new Update(key, change);
        entries.change(key.bytes(), update::apply);
        return update.result;
    }

    @Override
    public Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
        return page(keys, after, limit);
    }

    @Override
    public Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException {
        return page(localKeys, after, limit);
    }

    private Page<Record> page(KeyIndex<MemoryRecordEntry> index, Optional<Bytes> after, int limit)
            throws StoreException {
        requirePositive(limit);
        Instant now = clock.instant();
        // a record may change its publisher between the reads of the index and of the entry
        return entries.page(
                index, after, limit, entry -> live(entry, now).filter(record -> index == keys || entry.isLocal()));
    }

    @Override
    public int removeExpired(int limit) throws StoreException {
        requirePositive(limit);
        return entries.removeExpired(limit);
    }

    @Override
    public long size() throws StoreException {
        return entries.size();
    }

    /**
     * Returns {@code records}, the number of records, {@code bytes}, the heap that they occupy, and {@code evictions}, the number of
     * evictions.
     */
    @Override
    public Map<String, Long> statistics() throws StoreException {
        return Map.of(
                "records",
                size(),
                "local-records",
                quotas.localRecords(),
                "bytes",
                bytes(),
                "evictions",
                evictions.sum());
    }

    @Override
    public OptionalLong maxRemoteRecords() {
        return OptionalLong.of(limits.remote().maxKeys());
    }

    @Override
    public OptionalLong maxRemoteBytes() {
        return OptionalLong.of(limits.remote().maxBytes());
    }

    /** Returns the heap that the records occupy, in bytes; an upper estimate, the one that the limits apply to. */
    public long bytes() {
        return quotas.bytes();
    }

    @Override
    public void close() {
        entries.close();
    }

    private static Optional<Record> live(@Nullable MemoryRecordEntry entry, Instant now) {
        return entry == null || entry.record().isExpired(now) ? Optional.empty() : Optional.of(entry.record());
    }

    /** Change of one record, and its result. */
    private final class Update {

        private final RecordKey key;
        private final UnaryOperator<Optional<Record>> change;
        private Optional<Record> result = Optional.empty();

        Update(RecordKey key, UnaryOperator<Optional<Record>> change) {
            this.key = key;
            this.change = change;
        }

        ChangeResult<MemoryRecordEntry> apply(@Nullable MemoryRecordEntry entry, Instant now) throws StoreException {
            Optional<Record> previous = live(entry, now);
            Optional<Record> next = RecordChange.apply(key, change, previous).filter(record -> !record.isExpired(now));
            result = next;
            if (next.isEmpty()) {
                return new ChangeResult<>(null, true);
            }
            if (next.equals(previous)) {
                return new ChangeResult<>(entry, true);
            }
            requireFits("key", key.bytes().size(), limits.maxKeyBytes(), Option.MAX_KEY_BYTES);
            requireFits("value", next.get().value().size(), limits.maxValueBytes(), Option.MAX_VALUE_BYTES);
            return new ChangeResult<>(MemoryRecordEntry.of(next.get(), entry, self, selfKey), previous.isPresent());
        }
    }
}
