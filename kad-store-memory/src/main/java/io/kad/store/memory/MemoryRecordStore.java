package io.kad.store.memory;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.StoreListener;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import io.kad.store.memory.EntryTable.ChangeResult;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A bounded record store in memory. When its share is full, a foreign record gives way to a foreign one whose key is nearer to
 * this peer, the farthest first; own records never do.
 *
 * <p>Pages come in the order of the bytes of the keys. Thread-safe; never blocks.
 */
public final class MemoryRecordStore implements RecordStore {

    private final PeerId self;
    private final InstantSource clock;
    private final MemoryStoreLimits.Records limits;
    private final StoreListener listener;
    private final KadKey selfKey;
    private final QuotaTracker quotas;
    private final KeyIndex<MemoryRecordEntry> keys = new KeyIndex<>(held -> true);
    private final KeyIndex<MemoryRecordEntry> localKeys = new KeyIndex<>(MemoryRecordEntry::isLocal);
    private final LongAdder evictions = new LongAdder();
    private final EntryTable<MemoryRecordEntry> entries;

    /**
     * Creates an empty store.
     *
     * @param self the peer whose records are own ones
     * @param clock the wall clock by which records expire
     */
    public MemoryRecordStore(PeerId self, InstantSource clock, MemoryStoreLimits.Records limits) {
        this(self, clock, limits, StoreListener.NONE);
    }

    /**
     * Creates an empty store that tells {@code listener} which records gave way to nearer ones.
     *
     * @param self the peer whose records are own ones, and to which others are near or far
     * @param clock the wall clock by which records expire
     */
    public MemoryRecordStore(
            PeerId self, InstantSource clock, MemoryStoreLimits.Records limits, StoreListener listener) {
        this.self = requireNonNull(self, "self");
        this.clock = requireNonNull(clock, "clock");
        this.limits = requireNonNull(limits, "limits");
        this.quotas = new QuotaTracker("records", limits.local(), limits.remote());
        this.listener = requireNonNull(listener, "listener");
        this.selfKey = KadKey.hash(self.bytes());
        this.entries = new EntryTable<>(clock, quotas, List.of(keys, localKeys), this::onEviction);
    }

    private void onEviction(MemoryRecordEntry gone, MemoryRecordEntry nearer) {
        evictions.increment();
        listener.recordEvicted(gone.record(), nearer.record());
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
        // a record may change its publisher between the look at the index and the look at it
        return entries.page(
                index, after, limit, held -> live(held, now).filter(record -> index == keys || held.isLocal()));
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

    /** Returns {@code records}, their heap as {@code bytes}, and how many were {@code displaced} by nearer ones. */
    @Override
    public Map<String, Long> statistics() throws StoreException {
        return Map.of("records", size(), "bytes", bytes(), "displaced", evictions.sum());
    }

    /** Returns the heap that the records take, in bytes, estimated from above as the limits count it. */
    public long bytes() {
        return quotas.bytes();
    }

    @Override
    public void close() {
        entries.close();
    }

    static void requirePositive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1, not " + limit);
        }
    }

    private static Optional<Record> live(@Nullable MemoryRecordEntry held, Instant now) {
        return held == null || held.record().isExpired(now) ? Optional.empty() : Optional.of(held.record());
    }

    /** A change of one record, and what it left. */
    private final class Update {

        private final RecordKey key;
        private final UnaryOperator<Optional<Record>> change;
        private Optional<Record> result = Optional.empty();

        Update(RecordKey key, UnaryOperator<Optional<Record>> change) {
            this.key = key;
            this.change = change;
        }

        ChangeResult<MemoryRecordEntry> apply(@Nullable MemoryRecordEntry held, Instant now) throws StoreException {
            Optional<Record> before = live(held, now);
            Optional<Record> after = requireNonNull(change.apply(before), "a change returns an Optional")
                    .filter(r -> !isExpired(r, now));
            result = after;
            if (after.isEmpty()) {
                return new ChangeResult<>(null, true);
            }
            if (after.equals(before)) {
                return new ChangeResult<>(held, true);
            }
            requireFits(after.get());
            return new ChangeResult<>(MemoryRecordEntry.of(after.get(), self, selfKey), before.isPresent());
        }

        private boolean isExpired(Record record, Instant now) {
            if (!record.key().equals(key)) {
                throw new IllegalArgumentException("an update of " + key + " returned a record of " + record.key());
            }
            return record.isExpired(now);
        }

        private void requireFits(Record record) throws StoreException.TooLarge {
            if (key.bytes().size() > limits.maxKeyBytes()) {
                throw new StoreException.TooLarge(
                        "a key of " + key.bytes().size() + " bytes; at most " + limits.maxKeyBytes() + " are taken");
            }
            if (record.value().size() > limits.maxValueBytes()) {
                throw new StoreException.TooLarge("a value of " + record.value().size() + " bytes; at most "
                        + limits.maxValueBytes() + " are taken");
            }
        }
    }
}
