package io.kad.store.rocksdb;

import io.kad.api.id.PeerId;
import io.kad.api.spi.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The version of the layout, whose database it is, and the way from older versions. */
final class Schema {

    /** The version that this code writes. */
    static final int VERSION = 2;

    static final byte[] VERSION_KEY = ascii("schema");
    static final byte[] SELF_KEY = ascii("self");
    static final byte[] COUNTERS_KEY = ascii("counters");

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

    private Schema() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Makes sure that a database has the layout of this version and belongs to {@code self}.
     *
     * @throws StoreException.Failed if it is newer, or another peer's
     */
    static void check(RocksDB db, Handles handles, PeerId self, Path directory)
            throws RocksDBException, StoreException {
        ColumnFamilyHandle meta = handles.of(Family.META);
        byte @Nullable [] written = db.get(meta, VERSION_KEY);
        if (written == null) {
            begin(db, meta, self);
            return;
        }
        int version = ByteBuffer.wrap(written).getInt();
        if (version > VERSION) {
            throw refusal(directory + " was written by a newer version of kad: it has schema " + version
                    + ", and this one knows up to " + VERSION);
        }
        byte @Nullable [] owner = db.get(meta, SELF_KEY);
        if (owner == null || !Arrays.equals(owner, self.bytes().toArray())) {
            throw refusal(directory + " belongs to another peer than " + self);
        }
        if (version < VERSION) {
            LOG.info("{} has schema {}; it is brought to {}", directory, version, VERSION);
            recount(db, handles);
        }
    }

    private static StoreException refusal(String message) {
        return new StoreException.Failed(message, new IllegalStateException(message));
    }

    private static void begin(RocksDB db, ColumnFamilyHandle meta, PeerId self) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch();
                WriteOptions synced = new WriteOptions().setSync(true)) {
            batch.put(meta, VERSION_KEY, Layout.number(VERSION));
            batch.put(meta, SELF_KEY, self.bytes().toArray());
            batch.put(meta, COUNTERS_KEY, new Counters().bytes());
            db.write(synced, batch);
        }
    }

    /** Version 1 counted nothing: everything is counted once, and the version is written with the counts. */
    private static void recount(RocksDB db, Handles handles) throws RocksDBException {
        Counters counters = new Counters();
        counters.ownRecords = count(db, handles.of(Family.OWN_RECORDS));
        counters.foreignRecords = count(db, handles.of(Family.RECORDS)) - counters.ownRecords;
        counters.ownProviders = count(db, handles.of(Family.OWN_PROVIDERS));
        counters.foreignProviders = count(db, handles.of(Family.PROVIDER_KEYS)) - counters.ownProviders;
        try (RocksIterator providers = db.newIterator(handles.of(Family.PROVIDER_KEYS))) {
            for (providers.seekToFirst(); providers.isValid(); providers.next()) {
                long sequence = ByteBuffer.wrap(providers.value()).getLong();
                counters.lastSequence = Math.max(counters.lastSequence, sequence);
            }
            providers.status();
        }
        try (RocksIterator numbers = db.newIterator(handles.of(Family.PEER_NUMBERS))) {
            numbers.seekToLast();
            counters.lastPeer =
                    numbers.isValid() ? ByteBuffer.wrap(numbers.key()).getInt() : 0;
            numbers.status();
        }
        try (WriteBatch batch = new WriteBatch();
                WriteOptions synced = new WriteOptions().setSync(true)) {
            countProviders(db, handles, batch);
            batch.put(handles.of(Family.META), VERSION_KEY, Layout.number(VERSION));
            batch.put(handles.of(Family.META), COUNTERS_KEY, counters.bytes());
            db.write(synced, batch);
        }
    }

    /** Counts the foreign providers of each key; those of one key stand together. */
    private static void countProviders(RocksDB db, Handles handles, WriteBatch batch) throws RocksDBException {
        try (RocksIterator providers = db.newIterator(handles.of(Family.PROVIDERS))) {
            byte[] key = Layout.nothing();
            int count = 0;
            for (providers.seekToFirst(); providers.isValid(); providers.next()) {
                byte[] next = Layout.keyOfProvider(providers.key());
                if (!Arrays.equals(next, key)) {
                    putCount(handles, batch, key, count);
                    key = next;
                    count = 0;
                }
                count += ProviderEntry.read(providers.value()).own() ? 0 : 1;
            }
            providers.status();
            putCount(handles, batch, key, count);
        }
    }

    private static void putCount(Handles handles, WriteBatch batch, byte[] key, int count) throws RocksDBException {
        if (count > 0) {
            batch.put(handles.of(Family.PROVIDER_COUNTS), key, Layout.number(count));
        }
    }

    private static long count(RocksDB db, ColumnFamilyHandle family) throws RocksDBException {
        long count = 0;
        try (RocksIterator all = db.newIterator(family)) {
            for (all.seekToFirst(); all.isValid(); all.next()) {
                count++;
            }
            all.status();
        }
        return count;
    }
}
