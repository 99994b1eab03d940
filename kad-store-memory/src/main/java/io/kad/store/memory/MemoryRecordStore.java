package io.kad.store.memory;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.Page;
import io.kad.api.spi.RecordStore;
import io.kad.api.spi.StoreException;
import io.kad.store.memory.HeldEntries.Changed;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A bounded record store in memory. Pages come in the order of the bytes of the keys. Thread-safe; never blocks. */
public final class MemoryRecordStore implements RecordStore {

    private final PeerId self;
    private final InstantSource clock;
    private final MemoryStoreLimits.Records limits;
    private final Ledger ledger;
    private final HeldEntries<HeldRecord> entries;

    /**
     * Creates an empty store.
     *
     * @param self the peer whose records are own ones
     * @param clock the wall clock by which records expire
     */
    public MemoryRecordStore(PeerId self, InstantSource clock, MemoryStoreLimits.Records limits) {
        this.self = requireNonNull(self, "self");
        this.clock = requireNonNull(clock, "clock");
        this.limits = requireNonNull(limits, "limits");
        this.ledger = new Ledger("records", limits.own(), limits.foreign());
        this.entries = new HeldEntries<>(clock, ledger, record -> true);
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
        requirePositive(limit);
        Instant now = clock.instant();
        List<Record> items = new ArrayList<>();
        Iterator<Bytes> keys = entries.keysAfter(after).iterator();
        Optional<Bytes> last = Optional.empty();
        for (int looked = 0; looked < limit && keys.hasNext(); looked++) {
            Bytes key = keys.next();
            last = Optional.of(key);
            live(entries.get(key), now).ifPresent(items::add);
        }
        return new Page<>(items, keys.hasNext() ? last : Optional.empty());
    }

    @Override
    public Page<Record> ownPage(Optional<Bytes> after, int limit) throws StoreException {
        Page<Record> page = page(after, limit);
        return new Page<>(
                page.items().stream()
                        .filter(record -> record.publisher().equals(Optional.of(self)))
                        .toList(),
                page.next());
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

    /** Returns the heap that the records take, in bytes, estimated from above as the limits count it. */
    public long bytes() {
        return ledger.bytes();
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

    private static Optional<Record> live(@Nullable HeldRecord held, Instant now) {
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

        Changed<HeldRecord> apply(@Nullable HeldRecord held, Instant now) throws StoreException {
            Optional<Record> before = live(held, now);
            Optional<Record> after = requireNonNull(change.apply(before), "a change returns an Optional")
                    .filter(r -> !isExpired(r, now));
            result = after;
            if (after.isEmpty()) {
                return new Changed<>(null, true);
            }
            if (after.equals(before)) {
                return new Changed<>(held, true);
            }
            requireFits(after.get());
            return new Changed<>(HeldRecord.of(after.get(), self), before.isPresent());
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
