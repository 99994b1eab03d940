package io.kad.store.rocksdb;

import java.util.Optional;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** A walk over the entries of a column family, of those only that begin with a prefix if one is given. Of one thread. */
final class Cursor implements AutoCloseable {

    private final Optional<Slice> bound;
    private final ReadOptions options = new ReadOptions();
    private final RocksIterator entries;

    private Cursor(RocksDB db, ColumnFamilyHandle family, Optional<byte[]> end) {
        bound = end.map(Slice::new);
        bound.ifPresent(options::setIterateUpperBound);
        entries = db.newIterator(family, options);
    }

    /** Walks over all entries, from the first key that is not less than {@code from}. */
    static Cursor from(Database database, Family family, byte[] from) {
        Cursor cursor = new Cursor(database.rocks(), database.family(family), Optional.empty());
        cursor.entries.seek(from);
        return cursor;
    }

    /** Walks over the entries behind {@code key}. */
    static Cursor behind(Database database, Family family, Optional<byte[]> key) {
        Cursor cursor = from(database, family, key.orElse(Layout.nothing()));
        if (key.isPresent() && cursor.isValid() && java.util.Arrays.equals(cursor.key(), key.get())) {
            cursor.next();
        }
        return cursor;
    }

    /** Walks over the entries whose keys begin with {@code prefix}. */
    static Cursor within(Database database, Family family, byte[] prefix) {
        Cursor cursor = new Cursor(database.rocks(), database.family(family), Layout.after(prefix));
        cursor.entries.seek(prefix);
        return cursor;
    }

    /** Walks over all entries, the last one first. */
    static Cursor backwards(Database database, Family family) {
        Cursor cursor = new Cursor(database.rocks(), database.family(family), Optional.empty());
        cursor.entries.seekToLast();
        return cursor;
    }

    boolean isValid() {
        return entries.isValid();
    }

    byte[] key() {
        return entries.key();
    }

    byte[] value() {
        return entries.value();
    }

    void next() {
        entries.next();
    }

    void previous() {
        entries.prev();
    }

    /** Fails if the walk ended before its end. */
    void check() throws RocksDBException {
        entries.status();
    }

    @Override
    public void close() {
        entries.close();
        options.close();
        bound.ifPresent(Slice::close);
    }
}
