package io.kad.store.rocksdb;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.RecordChange;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import io.kad.store.rocksdb.database.ColumnFamily;
import io.kad.store.rocksdb.database.Counters;
import io.kad.store.rocksdb.database.Database;
import io.kad.store.rocksdb.database.Databases;
import io.kad.store.rocksdb.database.RecordEntry;
import io.kad.store.rocksdb.database.RocksStoreOptions;
import io.kad.store.rocksdb.database.RocksStoreOptions.Option;
import io.kad.store.rocksdb.database.WriteTransaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Record store in RocksDB. When the limit of remote records is reached, the records that its listener names are evicted first, and then the
 * remote record farthest from the local peer in favour of a closer one.
 *
 * <p>Pages are in the order of the bytes of the keys. Thread-safe; all calls may block.
 */
final class RocksRecordStore extends RocksStore implements RecordStore {

    private final AtomicLong evictions = new AtomicLong();

    RocksRecordStore(SpiContext context, RocksStoreOptions storeOptions, Databases.Lease lease) {
        super(context, storeOptions, lease);
    }

    private RecordUpdater updater(WriteTransaction transaction) {
        return new RecordUpdater(transaction, self, storeOptions, now(), context.listener(), this::onEviction);
    }

    private void onEviction(Record evicted, Record closer) {
        evictions.incrementAndGet();
        context.listener().recordEvicted(evicted, closer);
    }

    @Override
    public Optional<Record> get(RecordKey key) throws StoreException {
        requireOpen();
        return database.readWhileOpen(db -> readCurrent(db, key.bytes().toArray(), false));
    }

    /** Returns the unexpired record under {@code key}; empty if there is none, or if {@code localOnly} and it is not local. */
    private Optional<Record> readCurrent(Database db, byte[] key, boolean localOnly) throws RocksDBException {
        return live(db, key, db.get(ColumnFamily.RECORDS, key), localOnly);
    }

    /**
     * Returns the unexpired record of an entry. If the number of the publisher is unknown, a writer has replaced or
     * removed the entry since it was read, so it is read again.
     */
    private Optional<Record> live(Database db, byte[] key, byte @Nullable [] stored, boolean localOnly)
            throws RocksDBException {
        byte @Nullable [] present = stored;
        long missingNumber = 0;
        while (present != null) {
            RecordEntry entry = RecordEntry.read(present);
            if (entry.isExpired(now()) || (localOnly && !entry.local())) {
                return Optional.empty();
            }
            if (entry.publisherNumber() == 0) {
                return Optional.of(entry.record(key, Optional.empty()));
            }
            Optional<PeerId> publisher = db.peerNumbers().peer(entry.publisherNumber());
            if (publisher.isPresent()) {
                return Optional.of(entry.record(key, publisher));
            }
            if (entry.publisherNumber() == missingNumber) {
                return Optional.empty(); // damaged: numbers are never reused, so no writer has removed this one
            }
            missingNumber = entry.publisherNumber();
            present = db.get(ColumnFamily.RECORDS, key);
        }
        return Optional.empty();
    }

    @Override
    public Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change) throws StoreException {
        requireOpen();
        return database.write(transaction -> updater(transaction).update(key, change));
    }

    @Override
    public void updateAll(List<RecordChange> changes) throws StoreException {
        requireOpen();
        database.writeEach(changes, transaction -> {
            RecordUpdater updater = updater(transaction);
            if (changes.size() > 1) {
                updater.prepare(changes.stream().map(RecordChange::key));
            }
            return change -> updater.update(change.key(), change.change());
        });
    }

    @Override
    public Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
        return page(ColumnFamily.RECORDS, after, limit, db -> (key, stored) -> live(db, key, stored, false));
    }

    @Override
    public Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException {
        // the iterator reads a snapshot, and the record may have changed its publisher since
        return page(ColumnFamily.LOCAL_RECORDS, after, limit, db -> (key, empty) -> readCurrent(db, key, true));
    }

    @Override
    public OptionalLong maxRemoteRecords() {
        return OptionalLong.of(storeOptions.get(Option.MAX_RECORDS));
    }

    @Override
    int sweep(WriteTransaction transaction, int limit) throws RocksDBException {
        return updater(transaction).sweep(limit);
    }

    @Override
    public long size() throws StoreException {
        requireOpen();
        return database.readWhileOpen(Database::counters).records();
    }

    @Override
    public Map<String, Long> statistics() throws StoreException {
        requireOpen();
        Counters counters = database.readWhileOpen(Database::counters);
        return mergeStatistics(Map.of(
                "records", counters.records(), "local-records", counters.localRecords, "evictions", evictions.get()));
    }
}
