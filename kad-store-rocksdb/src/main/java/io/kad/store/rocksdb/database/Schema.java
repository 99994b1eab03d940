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

/** Version and owner of a database: checks both when it is opened, and migrates older versions. */
public final class Schema {

    /** The first published version. */
    private static final int FIRST_PUBLISHED_VERSION = 2;
    /** The version that this code reads and writes. */
    public static final int VERSION = 4;
    /** The first version whose entries need no change: later ones only add fields, each with a flag of its own. */
    private static final int FIRST_READABLE_VERSION = 3;

    /** The reason for which a database of a later schema, or with unknown column families, is not opened. */
    static final String NEWER_VERSION = "written by a newer version of kad";

    static final byte[] VERSION_KEY = ascii("schema");
    /** The key of the progress of a {@link SchemaMigration2To3}. Its name is part of the schema. */
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
     * Checks that a database belongs to {@code self}, and migrates it to the current version if it is older. Initializes a new database.
     *
     * @throws StoreException.Failed if the version is newer or unsupported, or if the owner is another peer; the database is unchanged, and
     *     a retry fails again
     */
    static void check(RocksDB db, ColumnFamilyHandles handles, PeerId self, Path directory)
            throws RocksDBException, StoreException {
        ColumnFamilyHandle meta = handles.of(ColumnFamily.META);
        byte @Nullable [] stored = db.get(meta, VERSION_KEY);
        if (stored == null) {
            initialize(db, meta, self);
            return;
        }
        int version = ByteBuffer.wrap(stored).getInt();
        if (version > VERSION) {
            throw failed("cannot open " + directory + ": " + NEWER_VERSION + ": schema must be at most " + VERSION
                    + ", got " + version);
        }
        if (version < FIRST_PUBLISHED_VERSION) {
            throw failed("unsupported pre-release schema " + version + " in " + directory + "; recreate the database");
        }
        byte @Nullable [] owner = db.get(meta, SELF_KEY);
        if (owner == null || !Arrays.equals(owner, self.bytes().toArray())) {
            throw failed("cannot open " + directory + ": it belongs to another peer, not to " + self);
        }
        if (version < VERSION) {
            LOG.info("migrating {} from schema {} to {}", directory, version, VERSION);
            if (version < FIRST_READABLE_VERSION) {
                new SchemaMigration2To3(db, handles).run();
            }
            writeVersion(db, meta);
        }
    }

    private static void writeVersion(RocksDB db, ColumnFamilyHandle meta) throws RocksDBException {
        try (WriteOptions synced = new WriteOptions().setSync(true)) {
            db.put(meta, synced, VERSION_KEY, version(VERSION));
        }
    }

    private static StoreException failed(String message) {
        return new StoreException.Failed(message, new IllegalStateException(message));
    }

    private static void initialize(RocksDB db, ColumnFamilyHandle meta, PeerId self) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch();
                WriteOptions synced = new WriteOptions().setSync(true)) {
            batch.put(meta, VERSION_KEY, version(VERSION));
            batch.put(meta, SELF_KEY, self.bytes().toArray());
            batch.put(meta, COUNTERS_KEY, new Counters().bytes());
            db.write(synced, batch);
        }
    }
}
