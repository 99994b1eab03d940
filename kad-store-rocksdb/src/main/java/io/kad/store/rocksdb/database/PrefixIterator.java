package io.kad.store.rocksdb.database;

import java.util.Arrays;
import java.util.Optional;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** Iterator over the entries of a column family, in the order of their keys; optionally bounded by a prefix. Not thread-safe. */
public final class PrefixIterator implements AutoCloseable {

    private final Optional<Slice> bound;
    private final ReadOptions options = new ReadOptions();
    private final RocksIterator entries;

    private PrefixIterator(RocksDB db, ColumnFamilyHandle family, Optional<byte[]> end) {
        bound = end.map(Slice::new);
        bound.ifPresent(options::setIterateUpperBound);
        entries = db.newIterator(family, options);
    }

    /** Returns an iterator over all entries from the first key that is not less than {@code from}. */
    public static PrefixIterator from(Database database, ColumnFamily family, byte[] from) {
        PrefixIterator iterator = new PrefixIterator(database.rocks(), database.family(family), Optional.empty());
        iterator.entries.seek(from);
        return iterator;
    }

    /** Returns an iterator over the entries after {@code key}; over all entries if it is empty. */
    public static PrefixIterator after(Database database, ColumnFamily family, Optional<byte[]> key) {
        PrefixIterator iterator = from(database, family, key.orElse(KeyEncoding.empty()));
        if (key.isPresent() && iterator.isValid() && Arrays.equals(iterator.key(), key.get())) {
            iterator.next();
        }
        return iterator;
    }

    /** Returns an iterator over the entries whose keys begin with {@code prefix}. */
    public static PrefixIterator withPrefix(Database database, ColumnFamily family, byte[] prefix) {
        PrefixIterator iterator =
                new PrefixIterator(database.rocks(), database.family(family), KeyEncoding.endOfPrefix(prefix));
        iterator.entries.seek(prefix);
        return iterator;
    }

    /** Returns an iterator at the last entry, to be moved by {@link #previous}. */
    public static PrefixIterator reversed(Database database, ColumnFamily family) {
        PrefixIterator iterator = new PrefixIterator(database.rocks(), database.family(family), Optional.empty());
        iterator.entries.seekToLast();
        return iterator;
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

    /** Throws if the iterator became invalid because of an error instead of at its end. */
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
