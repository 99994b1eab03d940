package io.kad.store.rocksdb.database;

import io.kad.store.rocksdb.disk.BatchWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Migrates a database from schema 2, which encodes peer numbers in 4 bytes, to schema 3, which uses 8.
 *
 * <p>Each batch stores its progress, so that an interrupted migration continues at the next open. Confined to one thread.
 */
final class SchemaMigration2To3 {

    /** The number of entries that are migrated in one batch. */
    private static final int BATCH_SIZE = 1000;

    private static final int OLD_NUMBER_BYTES = 4;
    /** The column families that contain peer numbers, in the order in which they are migrated. */
    private static final List<ColumnFamily> FAMILIES = List.of(
            ColumnFamily.PEERS,
            ColumnFamily.PEER_NUMBERS,
            ColumnFamily.RECORDS,
            ColumnFamily.PROVIDERS,
            ColumnFamily.PROVIDER_KEYS,
            ColumnFamily.PROVIDER_COUNTS);

    private final RocksDB db;
    private final ColumnFamilyHandles handles;

    SchemaMigration2To3(RocksDB db, ColumnFamilyHandles handles) {
        this.db = db;
        this.handles = handles;
    }

    /** Migrates all remaining entries, and then writes the new version. */
    void run() throws RocksDBException {
        byte @Nullable [] progress = db.get(handles.of(ColumnFamily.META), Schema.MIGRATION_PROGRESS_KEY);
        int first = progress == null ? 0 : progress[0];
        byte[] last = progress == null ? KeyEncoding.empty() : Arrays.copyOfRange(progress, 1, progress.length);
        try (BatchWriter writer = new BatchWriter(db)) {
            for (int i = first; i < FAMILIES.size(); i++) {
                migrate(i, last, writer);
                last = KeyEncoding.empty();
            }
        }
        try (WriteBatch batch = new WriteBatch();
                WriteOptions synced = new WriteOptions().setSync(true)) {
            batch.put(handles.of(ColumnFamily.META), Schema.VERSION_KEY, Schema.version(3));
            batch.delete(handles.of(ColumnFamily.META), Schema.MIGRATION_PROGRESS_KEY);
            db.write(synced, batch);
        }
    }

    /**
     * Migrates the entries of one column family after a key. Where the keys contain the numbers, migrated entries sort before all others,
     * so that the iterator does not meet them again.
     *
     * @param lastMigrated the key of the last migrated entry; empty to start with the first entry
     */
    private void migrate(int index, byte[] lastMigrated, BatchWriter writer) throws RocksDBException {
        ColumnFamily family = FAMILIES.get(index);
        try (RocksIterator entries = db.newIterator(handles.of(family))) {
            entries.seek(lastMigrated.length == 0 ? firstUnmigrated(family) : lastMigrated);
            if (lastMigrated.length > 0 && entries.isValid() && Arrays.equals(entries.key(), lastMigrated)) {
                entries.next();
            }
            while (entries.isValid()) {
                try (WriteBatch batch = new WriteBatch()) {
                    byte[] last = lastMigrated;
                    for (int i = 0; i < BATCH_SIZE && entries.isValid(); i++) {
                        last = entries.key();
                        migrate(batch, family, last, entries.value());
                        entries.next();
                    }
                    batch.put(handles.of(ColumnFamily.META), Schema.MIGRATION_PROGRESS_KEY, progress(index, last));
                    writer.write(batch);
                }
            }
            entries.status();
        }
    }

    /** Returns a key before all unmigrated entries and after all migrated ones; peer numbers start at 1. */
    private static byte[] firstUnmigrated(ColumnFamily family) {
        return family == ColumnFamily.PEER_NUMBERS || family == ColumnFamily.PROVIDER_KEYS
                ? new byte[] {0, 0, 0, 1}
                : KeyEncoding.empty();
    }

    private static byte[] progress(int index, byte[] key) {
        return ByteBuffer.allocate(1 + key.length).put((byte) index).put(key).array();
    }

    private void migrate(WriteBatch batch, ColumnFamily family, byte[] key, byte[] value) throws RocksDBException {
        switch (family) {
            case PEER_NUMBERS, PROVIDER_KEYS -> {
                batch.delete(handles.of(family), key);
                batch.put(handles.of(family), widened(key, 0), value);
            }
            case PEERS -> batch.put(handles.of(family), key, widened(value, 0));
            case PROVIDERS -> batch.put(handles.of(family), key, widened(value, 1));
            case RECORDS ->
                batch.put(handles.of(family), key, RecordEntry.hasPublisher(value) ? widened(value, 1) : value);
            case PROVIDER_COUNTS -> batch.put(handles.of(family), key, widenedAll(value));
            default -> throw new AssertionError(family);
        }
    }

    /** Returns {@code bytes} with the number at {@code position} in 8 bytes instead of 4. */
    private static byte[] widened(byte[] bytes, int position) {
        int more = KeyEncoding.NUMBER_BYTES - OLD_NUMBER_BYTES;
        byte[] wide = Arrays.copyOf(bytes, bytes.length + more);
        Arrays.fill(wide, position, position + more, (byte) 0);
        System.arraycopy(bytes, position, wide, position + more, bytes.length - position);
        return wide;
    }

    private static byte[] widenedAll(byte[] countAndNumbers) {
        byte[] wide = countAndNumbers;
        for (int at = Integer.BYTES; at < wide.length; at += KeyEncoding.NUMBER_BYTES) {
            wide = widened(wide, at);
        }
        return wide;
    }
}
