package io.kad.store.rocksdb.database;

import io.kad.api.id.PeerId;
import io.kad.api.spi.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The version of the layout, whose database it is, and the way from older versions. */
public final class Schema {

    /** The first version that was ever published. */
    private static final int FIRST_PUBLISHED_VERSION = 2;
    /** The version that this code writes. */
    public static final int VERSION = 3;

    static final byte[] VERSION_KEY = ascii("schema");
    /** How far a {@link SchemaMigration2To3} is. */
    static final byte[] MIGRATION_PROGRESS_KEY = ascii("widened");

    static final byte[] SELF_KEY = ascii("self");
    static final byte[] COUNTERS_KEY = ascii("counters");

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

    private Schema() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] version(int version) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(version).array();
    }

    /**
     * Makes sure that a database has the layout of this version and belongs to {@code self}.
     *
     * @throws StoreException.Failed if it is newer, too old, or another peer's
     */
    static void check(RocksDB db, ColumnFamilyHandles handles, PeerId self, Path directory)
            throws RocksDBException, StoreException {
        ColumnFamilyHandle meta = handles.of(ColumnFamily.META);
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
        if (version < FIRST_PUBLISHED_VERSION) {
            throw refusal(directory + " has schema " + version + ", which was never published");
        }
        byte @Nullable [] owner = db.get(meta, SELF_KEY);
        if (owner == null || !Arrays.equals(owner, self.bytes().toArray())) {
            throw refusal(directory + " belongs to another peer than " + self);
        }
        if (version < VERSION) {
            LOG.info("{} has schema {}; it is brought to {}", directory, version, VERSION);
            new SchemaMigration2To3(db, handles).run();
        }
    }

    private static StoreException refusal(String message) {
        return new StoreException.Failed(message, new IllegalStateException(message));
    }

    private static void begin(RocksDB db, ColumnFamilyHandle meta, PeerId self) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch();
                WriteOptions synced = new WriteOptions().setSync(true)) {
            batch.put(meta, VERSION_KEY, version(VERSION));
            batch.put(meta, SELF_KEY, self.bytes().toArray());
            batch.put(meta, COUNTERS_KEY, new Counters().bytes());
            db.write(synced, batch);
        }
    }
}
