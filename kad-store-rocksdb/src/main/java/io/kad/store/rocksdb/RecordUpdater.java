package io.kad.store.rocksdb;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.StoreListener;
import io.kad.api.spi.store.RecordChange;
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
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Changes records within one write transaction. Used by one thread. */
final class RecordUpdater {

    /** The largest number of expired records that are removed to make room for a new one. */
    private static final int SWEEP_LIMIT = 64;

    private final WriteTransaction transaction;
    private final PeerId self;
    private final RocksStoreOptions storeOptions;
    private final Instant now;
    private final StoreListener listener;
    private final BiConsumer<Record, Record> evictionListener;

    /**
     * Creates an updater for one transaction.
     *
     * @param listener names the records that a full store evicts first
     * @param evictionListener receives the evicted record and the closer one, after the transaction was committed
     */
    RecordUpdater(
            WriteTransaction transaction,
            PeerId self,
            RocksStoreOptions storeOptions,
            Instant now,
            StoreListener listener,
            BiConsumer<Record, Record> evictionListener) {
        this.transaction = transaction;
        this.self = self;
        this.storeOptions = storeOptions;
        this.now = now;
        this.listener = listener;
        this.evictionListener = evictionListener;
    }

    /** Reads ahead the entries that changes of {@code keys} need. */
    void prepare(Stream<RecordKey> keys) throws RocksDBException {
        transaction.readAhead(
                ColumnFamily.RECORDS, keys.map(key -> key.bytes().toArray()).toList());
    }

    /** Replaces the record under a key by the result of {@code change}, and returns the record stored afterwards. */
    Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change)
            throws RocksDBException, StoreException {
        byte[] bytes = key.bytes().toArray();
        Optional<RecordEntry> entry = Optional.ofNullable(transaction.get(ColumnFamily.RECORDS, bytes))
                .map(RecordEntry::read);
        Optional<Record> previous = entry.isEmpty() || entry.get().isExpired(now)
                ? Optional.empty()
                : Optional.of(record(bytes, entry.get()));
        Optional<Record> next = RecordChange.apply(key, change, previous).filter(record -> !record.isExpired(now));
        if (next.equals(previous) && (previous.isPresent() || entry.isEmpty())) {
            return next;
        }
        if (next.isPresent()) {
            requireFits(next.get());
            if (previous.isEmpty()) {
                makeRoom(next.get(), entry);
            }
        }
        if (entry.isPresent()) {
            remove(bytes, entry.get());
        }
        if (next.isPresent()) {
            put(bytes, next.get());
        }
        return next;
    }

    /** Removes up to {@code limit} expired records, the longest expired first, and returns the number removed. */
    int sweep(int limit) throws RocksDBException {
        return sweep(limit, Bytes.EMPTY);
    }

    /** Removes expired records, except that of {@code spared}, which the caller handles. */
    private int sweep(int limit, Bytes spared) throws RocksDBException {
        int removed = 0;
        try (PrefixIterator expiries =
                PrefixIterator.from(transaction.database(), ColumnFamily.RECORD_EXPIRIES, KeyEncoding.empty())) {
            while (removed < limit
                    && expiries.isValid()
                    && !KeyEncoding.expiryTime(expiries.key()).isAfter(now)) {
                byte[] key = KeyEncoding.expiringKey(expiries.key());
                byte @Nullable [] entry = transaction.get(ColumnFamily.RECORDS, key);
                if (entry != null
                        && transaction.isNotDeleted(ColumnFamily.RECORD_EXPIRIES, expiries.key())
                        && !Bytes.of(key).equals(spared)) {
                    remove(key, RecordEntry.read(entry));
                    removed++;
                }
                expiries.next();
            }
            expiries.check();
        }
        return removed;
    }

    private Record record(byte[] key, RecordEntry entry) throws RocksDBException {
        Optional<PeerId> publisher = entry.publisherNumber() == 0
                ? Optional.empty()
                : Optional.of(transaction.peer(entry.publisherNumber()));
        return entry.record(key, publisher);
    }

    private boolean isLocal(Record record) {
        return record.publisher().filter(self::equals).isPresent();
    }

    private void requireFits(Record record) throws StoreException.TooLarge {
        storeOptions.requireFits(record.key().bytes().size(), Option.MAX_KEY_BYTES, "key");
        storeOptions.requireFits(record.value().size(), Option.MAX_VALUE_BYTES, "value");
    }

    private void put(byte[] key, Record record) throws RocksDBException {
        boolean local = isLocal(record);
        long publisher = 0;
        if (record.publisher().isPresent()) {
            publisher = transaction.addReferences(record.publisher().get(), 1, 0);
        }
        transaction.put(
                ColumnFamily.RECORDS,
                key,
                RecordEntry.of(record, local, publisher).bytes());
        if (local) {
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
        count(local, 1);
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
        if (entry.publisherNumber() != 0) {
            transaction.addReferences(transaction.peer(entry.publisherNumber()), -1, 0);
        }
        count(entry.local(), -1);
    }

    private byte[] distance(RecordKey key) {
        return KeyEncoding.distance(self.kadKey(), key.kadKey(), key.bytes().toArray());
    }

    private void count(boolean local, int change) {
        transaction.counters().countRecord(local, change);
        if (storeOptions.syncs(local)) {
            transaction.requireSync();
        }
    }

    /** Makes room for a record of a key that has no record, or only an expired one; refuses it if the limit is still reached. */
    private void makeRoom(Record record, Optional<RecordEntry> expired) throws RocksDBException, StoreException {
        boolean local = isLocal(record);
        Option option = local ? Option.MAX_LOCAL_RECORDS : Option.MAX_RECORDS;
        long limit = storeOptions.get(option);
        int freed = expired.filter(entry -> entry.local() == local).isPresent() ? 1 : 0;
        if (totalCount(local) - freed < limit) {
            return;
        }
        sweep(SWEEP_LIMIT, record.key().bytes());
        if (totalCount(local) - freed < limit) {
            return;
        }
        if (local || limit == 0 || !evictFor(record)) {
            throw storeOptions.full(option, local ? "local records" : "remote records");
        }
    }

    private long totalCount(boolean local) {
        return local ? transaction.counters().localRecords : transaction.counters().remoteRecords;
    }

    /** Evicts a record in favour of {@code record}; returns whether it did. */
    private boolean evictFor(Record record) throws RocksDBException {
        Iterator<RecordKey> overShare = listener.recordsOverShare(record.key());
        while (overShare.hasNext()) {
            RecordKey key = overShare.next();
            if (key.equals(record.key())) {
                return false;
            }
            byte[] bytes = key.bytes().toArray();
            byte @Nullable [] stored = transaction.get(ColumnFamily.RECORDS, bytes);
            if (stored != null && !RecordEntry.read(stored).local()) {
                evict(bytes, RecordEntry.read(stored), record);
                return true;
            }
            byte @Nullable [] committed = transaction.database().get(ColumnFamily.RECORDS, bytes);
            if (committed == null || RecordEntry.read(committed).local()) {
                overShare.remove();
            }
        }
        return evictFarthest(record);
    }

    private void evict(byte[] key, RecordEntry entry, Record closer) throws RocksDBException {
        Record evicted = record(key, entry);
        remove(key, entry);
        transaction.afterCommit(() -> evictionListener.accept(evicted, closer));
    }

    /** Evicts the remote record farthest from the local peer if {@code closer} is closer; returns whether it did. */
    private boolean evictFarthest(Record closer) throws RocksDBException {
        byte[] distanceKey = distance(closer.key());
        try (PrefixIterator farthest = PrefixIterator.reversed(transaction.database(), ColumnFamily.RECORD_DISTANCES)) {
            while (farthest.isValid() && !transaction.isNotDeleted(ColumnFamily.RECORD_DISTANCES, farthest.key())) {
                farthest.previous();
            }
            farthest.check();
            if (!farthest.isValid() || Arrays.compareUnsigned(distanceKey, farthest.key()) >= 0) {
                return false;
            }
            byte[] key = KeyEncoding.recordKeyOfDistance(farthest.key());
            byte @Nullable [] stored = transaction.get(ColumnFamily.RECORDS, key);
            if (stored == null) {
                throw new RocksDBException("missing record of an entry of " + ColumnFamily.RECORD_DISTANCES);
            }
            evict(key, RecordEntry.read(stored), closer);
            return true;
        }
    }
}
