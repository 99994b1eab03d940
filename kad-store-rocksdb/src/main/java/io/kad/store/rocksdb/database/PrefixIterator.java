package io.kad.store.rocksdb.database;

import java.util.Optional;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** A walk over the entries of a column family, of those only that begin with a prefix if one is given. Of one thread. */
public final class PrefixIterator implements AutoCloseable {

    private final Optional<Slice> bound;
    private final ReadOptions options = new ReadOptions();
    private final RocksIterator entries;

    private PrefixIterator(RocksDB db, ColumnFamilyHandle family, Optional<byte[]> end) {
        bound = end.map(Slice::new);
        bound.ifPresent(options::setIterateUpperBound);
        entries = db.newIterator(family, options);
    }

    /** Walks over all entries, from the first key that is not less than {@code from}. */
    public static PrefixIterator from(Database database, ColumnFamily family, byte[] from) {
        PrefixIterator cursor = new PrefixIterator(database.rocks(), database.family(family), Optional.empty());
        cursor.entries.seek(from);
        return cursor;
    }

    /** Walks over the entries behind {@code key}. */
    public static PrefixIterator after(Database database, ColumnFamily family, Optional<byte[]> key) {
        PrefixIterator cursor = from(database, family, key.orElse(KeyEncoding.empty()));
        if (key.isPresent() && cursor.isValid() && java.util.Arrays.equals(cursor.key(), key.get())) {
            cursor.next();
        }
        return cursor;
    }

    /** Walks over the entries whose keys begin with {@code prefix}. */
    public static PrefixIterator withPrefix(Database database, ColumnFamily family, byte[] prefix) {
        PrefixIterator cursor =
                new PrefixIterator(database.rocks(), database.family(family), KeyEncoding.endOfPrefix(prefix));
        cursor.entries.seek(prefix);
        return cursor;
    }

    /** Walks over all entries, the last one first. */
    public static PrefixIterator reversed(Database database, ColumnFamily family) {
        PrefixIterator cursor = new PrefixIterator(database.rocks(), database.family(family), Optional.empty());
        cursor.entries.seekToLast();
        return cursor;
    }

    public boolean isValid() {
        return entries.isValid();
    }

    public byte[] key() {
        return entries.key();
    }

    public byte[] value() {
        return entries.value();
    }

    public void next() {
        entries.next();
    }

    public void previous() {
        entries.prev();
    }

    /** Fails if the walk ended before its end. */
    public void check() throws RocksDBException {
        entries.status();
    }

    @Override
    public void close() {
        entries.close();
        options.close();
        bound.ifPresent(Slice::close);
    }
}
