package io.kad.store.rocksdb;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import io.kad.store.rocksdb.database.ColumnFamily;
import io.kad.store.rocksdb.database.KeyEncoding;
import io.kad.store.rocksdb.database.PrefixIterator;
import io.kad.store.rocksdb.database.RecordEntry;
import io.kad.store.rocksdb.database.RocksStoreOptions;
import io.kad.store.rocksdb.database.RocksStoreOptions.Option;
import io.kad.store.rocksdb.database.WriteTransaction;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** What one change does to the records. */
final class RecordUpdater {

    /** How many expired records make room at most before a record is refused. */
    private static final int SWEEP_LIMIT = 64;

    private final WriteTransaction transaction;
    private final PeerId self;
    private final RocksStoreOptions storeOptions;
    private final Instant now;
    private final BiConsumer<Record, Record> evictionListener;

    /**
     * Begins to change records.
     *
     * @param displaced is told what gave way to what, once that is written
     */
    RecordUpdater(
            WriteTransaction transaction,
            PeerId self,
            RocksStoreOptions storeOptions,
            Instant now,
            BiConsumer<Record, Record> displaced) {
        this.transaction = transaction;
        this.self = self;
        this.storeOptions = storeOptions;
        this.now = now;
        this.evictionListener = displaced;
    }

    /** Reads what changes of {@code keys} will ask for. */
    void prepare(Stream<RecordKey> keys) throws RocksDBException {
        transaction.readAhead(
                ColumnFamily.RECORDS, keys.map(key -> key.bytes().toArray()).toList());
    }

    /** Replaces what is under a key by what {@code change} makes of it, and returns what is there then. */
    Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change)
            throws RocksDBException, StoreException {
        byte[] bytes = key.bytes().toArray();
        Optional<RecordEntry> held = Optional.ofNullable(transaction.get(ColumnFamily.RECORDS, bytes))
                .map(RecordEntry::read);
        Optional<Record> before =
                held.isEmpty() || held.get().isExpired(now) ? Optional.empty() : Optional.of(record(bytes, held.get()));
        Optional<Record> after = requireNonNull(change.apply(before), "a change returns an Optional");
        if (after.isPresent() && !after.get().key().equals(key)) {
            throw new IllegalArgumentException("an update of " + key + " returned a record of "
                    + after.get().key());
        }
        Optional<Record> kept = after.filter(record -> !record.isExpired(now));
        if (kept.equals(before) && (before.isPresent() || held.isEmpty())) {
            return kept;
        }
        if (kept.isPresent()) {
            requireFits(kept.get());
            if (before.isEmpty()) {
                makeRoom(kept.get(), held);
            }
        }
        if (held.isPresent()) {
            remove(bytes, held.get());
        }
        if (kept.isPresent()) {
            put(bytes, kept.get());
        }
        return kept;
    }

    /** Removes up to {@code limit} expired records, the longest expired first, and returns how many. */
    int sweep(int limit) throws RocksDBException {
        return sweep(limit, Bytes.EMPTY);
    }

    /** Removes expired records, but not that of {@code spared}, which the caller handles. */
    private int sweep(int limit, Bytes spared) throws RocksDBException {
        int removed = 0;
        try (PrefixIterator due =
                PrefixIterator.from(transaction.database(), ColumnFamily.RECORD_EXPIRIES, KeyEncoding.empty())) {
            while (removed < limit
                    && due.isValid()
                    && !KeyEncoding.expiryTime(due.key()).isAfter(now)) {
                byte[] key = KeyEncoding.expiringKey(due.key());
                byte @Nullable [] held = transaction.get(ColumnFamily.RECORDS, key);
                if (held != null
                        && transaction.isNotDeleted(ColumnFamily.RECORD_EXPIRIES, due.key())
                        && !Bytes.of(key).equals(spared)) {
                    remove(key, RecordEntry.read(held));
                    removed++;
                }
                due.next();
            }
            due.check();
        }
        return removed;
    }

    private Record record(byte[] key, RecordEntry entry) throws RocksDBException {
        Optional<PeerId> publisher =
                entry.publisher() == 0 ? Optional.empty() : Optional.of(transaction.peer(entry.publisher()));
        return entry.record(key, publisher);
    }

    private boolean isLocal(Record record) {
        return record.publisher().filter(self::equals).isPresent();
    }

    private void requireFits(Record record) throws StoreException.TooLarge {
        storeOptions.requireFits(record.key().bytes().size(), Option.MAX_KEY_BYTES, "a key");
        storeOptions.requireFits(record.value().size(), Option.MAX_VALUE_BYTES, "a value");
    }

    private void put(byte[] key, Record record) throws RocksDBException {
        boolean own = isLocal(record);
        long publisher = 0;
        if (record.publisher().isPresent()) {
            publisher = transaction.addReferences(record.publisher().get(), 1, 0);
        }
        transaction.put(
                ColumnFamily.RECORDS,
                key,
                RecordEntry.of(record, own, publisher).bytes());
        if (own) {
            transaction.put(ColumnFamily.LOCAL_RECORDS, key, KeyEncoding.empty());
        } else {
            transaction.put(ColumnFamily.RECORD_DISTANCES, distance(record.key()), KeyEncoding.empty());
        }
        if (record.expires().isPresent()) {
            transaction.put(
                    ColumnFamily.RECORD_EXPIRIES,
                    KeyEncoding.expiry(record.expires().get(), key),
                    KeyEncoding.empty());
        }
        count(own, 1);
    }

    private void remove(byte[] key, RecordEntry entry) throws RocksDBException {
        transaction.delete(ColumnFamily.RECORDS, key);
        if (entry.local()) {
            transaction.delete(ColumnFamily.LOCAL_RECORDS, key);
        } else {
            transaction.delete(ColumnFamily.RECORD_DISTANCES, distance(RecordKey.of(Bytes.of(key))));
        }
        if (entry.expires().isPresent()) {
            transaction.delete(
                    ColumnFamily.RECORD_EXPIRIES,
                    KeyEncoding.expiry(entry.expires().get(), key));
        }
        if (entry.publisher() != 0) {
            transaction.addReferences(transaction.peer(entry.publisher()), -1, 0);
        }
        count(entry.local(), -1);
    }

    private byte[] distance(RecordKey key) {
        return KeyEncoding.distance(self.kadKey(), key.kadKey(), key.bytes().toArray());
    }

    private void count(boolean own, int change) {
        transaction.counters().countRecord(own, change);
        if (storeOptions.syncs(own)) {
            transaction.requireSync();
        }
    }

    /** Makes room for a record whose key is not held, or only expired. */
    private void makeRoom(Record record, Optional<RecordEntry> expired) throws RocksDBException, StoreException {
        boolean own = isLocal(record);
        long limit = storeOptions.get(own ? Option.MAX_OWN_RECORDS : Option.MAX_RECORDS);
        int freed = expired.filter(entry -> entry.local() == own).isPresent() ? 1 : 0;
        if (totalCount(own) - freed < limit) {
            return;
        }
        sweep(SWEEP_LIMIT, record.key().bytes());
        if (totalCount(own) - freed < limit) {
            return;
        }
        if (own || limit == 0 || !evictFarthest(record)) {
            throw new StoreException.Full("no room for more than " + limit + (own ? " own records" : " records"));
        }
    }

    private long totalCount(boolean own) {
        return own ? transaction.counters().localRecords : transaction.counters().remoteRecords;
    }

    /** Removes the record of another peer that is farthest from here, if {@code nearer} is nearer. */
    private boolean evictFarthest(Record nearer) throws RocksDBException {
        byte[] place = distance(nearer.key());
        try (PrefixIterator farthest =
                PrefixIterator.reversed(transaction.database(), ColumnFamily.RECORD_DISTANCES)) {
            while (farthest.isValid() && !transaction.isNotDeleted(ColumnFamily.RECORD_DISTANCES, farthest.key())) {
                farthest.previous();
            }
            farthest.check();
            if (!farthest.isValid() || Arrays.compareUnsigned(place, farthest.key()) >= 0) {
                return false;
            }
            byte[] key = KeyEncoding.recordKeyOfDistance(farthest.key());
            byte @Nullable [] held = transaction.get(ColumnFamily.RECORDS, key);
            if (held == null) {
                throw new RocksDBException("a record is missing that its distance names");
            }
            RecordEntry entry = RecordEntry.read(held);
            Record farther = record(key, entry);
            remove(key, entry);
            transaction.afterCommit(() -> evictionListener.accept(farther, nearer));
            return true;
        }
    }
}
