package io.kad.store.rocksdb.database;

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
 * Brings schema 2, which wrote the number of a peer in 4 bytes, to schema 3, which writes it in 8. Each batch says how far it is, so that
 * one that was interrupted goes on from there.
 */
final class SchemaMigration2To3 {

    private static final int BATCH_SIZE = 1000;
    private static final int OLD_NUMBER_BYTES = 4;
    /** Where numbers are written, in the order in which they are widened. */
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

    /** Widens what is not yet, and writes the version with the last of it. */
    void run() throws RocksDBException {
        byte @Nullable [] marked = db.get(handles.of(ColumnFamily.META), Schema.MIGRATION_PROGRESS_KEY);
        int first = marked == null ? 0 : marked[0];
        byte[] behind = marked == null ? KeyEncoding.empty() : Arrays.copyOfRange(marked, 1, marked.length);
        try (BatchWriter writer = new BatchWriter(db)) {
            for (int i = first; i < FAMILIES.size(); i++) {
                widen(i, behind, writer);
                behind = KeyEncoding.empty();
            }
        }
        try (WriteBatch batch = new WriteBatch();
                WriteOptions synced = new WriteOptions().setSync(true)) {
            batch.put(handles.of(ColumnFamily.META), Schema.VERSION_KEY, Schema.version(Schema.VERSION));
            batch.delete(handles.of(ColumnFamily.META), Schema.MIGRATION_PROGRESS_KEY);
            db.write(synced, batch);
        }
    }

    /** Widens the entries of one family behind a key. Where the key itself is widened, it sorts before all that are not. */
    private void widen(int index, byte[] behind, BatchWriter writer) throws RocksDBException {
        ColumnFamily family = FAMILIES.get(index);
        try (RocksIterator entries = db.newIterator(handles.of(family))) {
            entries.seek(behind.length == 0 ? firstNarrow(family) : behind);
            if (behind.length > 0 && entries.isValid() && Arrays.equals(entries.key(), behind)) {
                entries.next();
            }
            while (entries.isValid()) {
                try (WriteBatch batch = new WriteBatch()) {
                    byte[] last = behind;
                    for (int i = 0; i < BATCH_SIZE && entries.isValid(); i++) {
                        last = entries.key();
                        widen(batch, family, last, entries.value());
                        entries.next();
                    }
                    batch.put(handles.of(ColumnFamily.META), Schema.MIGRATION_PROGRESS_KEY, mark(index, last));
                    writer.write(batch);
                }
            }
            entries.status();
        }
    }

    /** Returns a key that no wide one reaches: numbers begin with 1. */
    private static byte[] firstNarrow(ColumnFamily family) {
        return family == ColumnFamily.PEER_NUMBERS || family == ColumnFamily.PROVIDER_KEYS
                ? new byte[] {0, 0, 0, 1}
                : KeyEncoding.empty();
    }

    private static byte[] mark(int index, byte[] key) {
        return ByteBuffer.allocate(1 + key.length).put((byte) index).put(key).array();
    }

    private void widen(WriteBatch batch, ColumnFamily family, byte[] key, byte[] value) throws RocksDBException {
        switch (family) {
            case PEER_NUMBERS, PROVIDER_KEYS -> {
                batch.delete(handles.of(family), key);
                batch.put(handles.of(family), widened(key, 0), value);
            }
            case PEERS -> batch.put(handles.of(family), key, widened(value, 0));
            case PROVIDERS -> batch.put(handles.of(family), key, widened(value, 1));
            case RECORDS ->
                batch.put(handles.of(family), key, RecordEntry.isPublished(value) ? widened(value, 1) : value);
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
