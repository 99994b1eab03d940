package io.kad.store.rocksdb.database;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.store.rocksdb.disk.BatchWriter;
import io.kad.store.rocksdb.disk.DiskWait;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Write transaction: collects changes and writes them as one batch.
 *
 * <p>Its reads see its own uncommitted changes; a {@link PrefixIterator} does not. Used by one thread, under the lock of writers.
 */
public final class WriteTransaction implements AutoCloseable {

    /** The column families whose uncommitted entries are read again. */
    private static final Set<ColumnFamily> READ_BACK = Collections.unmodifiableSet(EnumSet.of(
            ColumnFamily.RECORDS, ColumnFamily.PROVIDERS, ColumnFamily.PROVIDER_KEYS, ColumnFamily.PROVIDER_COUNTS));

    private final Database database;
    private final WriteBatch batch = new WriteBatch();
    private final Counters counters;
    /** Entries that were read ahead, and uncommitted changes: all of {@link #READ_BACK}, and deletions of other column families. */
    private final Map<FamilyKey, Optional<byte[]>> overlay = new HashMap<>();

    private final Map<PeerId, NumberedPeer> peers = new HashMap<>();
    private final Map<Long, PeerId> peersByNumber = new HashMap<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private boolean synced;
    private boolean changed;
    private boolean deletes;

    /** Position of an entry in the database. */
    private record FamilyKey(ColumnFamily family, Bytes key) {}

    WriteTransaction(Database database) {
        this.database = database;
        this.counters = database.counters().copy();
    }

    public Database database() {
        return database;
    }

    public Counters counters() {
        return counters;
    }

    /** Reads entries that will be needed in one call, which takes less time than single reads. */
    public void readAhead(ColumnFamily family, List<byte[]> keys) throws RocksDBException {
        if (keys.isEmpty()) {
            return;
        }
        List<byte[]> values =
                database.rocks().multiGetAsList(Collections.nCopies(keys.size(), database.family(family)), keys);
        for (int i = 0; i < keys.size(); i++) {
            overlay.putIfAbsent(new FamilyKey(family, Bytes.of(keys.get(i))), Optional.ofNullable(values.get(i)));
        }
    }

    /** Returns the value of an entry, uncommitted changes included; null for none. */
    public byte @Nullable [] get(ColumnFamily family, byte[] key) throws RocksDBException {
        Optional<byte[]> value = overlay.isEmpty() ? null : overlay.get(new FamilyKey(family, Bytes.of(key)));
        return value == null ? database.get(family, key) : value.orElse(null);
    }

    public void put(ColumnFamily family, byte[] key, byte[] value) throws RocksDBException {
        batch.put(database.family(family), key, value);
        changed = true;
        if (READ_BACK.contains(family)) {
            overlay.put(new FamilyKey(family, Bytes.of(key)), Optional.of(value));
        } else if (deletes) {
            overlay.remove(new FamilyKey(family, Bytes.of(key)));
        }
    }

    public void delete(ColumnFamily family, byte[] key) throws RocksDBException {
        batch.delete(database.family(family), key);
        changed = true;
        deletes = true;
        overlay.put(new FamilyKey(family, Bytes.of(key)), Optional.empty());
    }

    /** Returns whether this transaction has left an entry undeleted that an iterator has found. */
    public boolean isNotDeleted(ColumnFamily family, byte[] key) {
        return overlay.getOrDefault(new FamilyKey(family, Bytes.of(key)), Optional.of(key))
                .isPresent();
    }

    /** Returns the keys with {@code prefix} that this transaction has put, of a column family whose entries it reads again. */
    public List<byte[]> uncommittedKeys(ColumnFamily family, byte[] prefix) {
        List<byte[]> keys = new ArrayList<>();
        overlay.forEach((place, value) -> {
            byte[] key = place.key().toArray();
            if (place.family() == family && value.isPresent() && KeyEncoding.startsWith(key, prefix)) {
                keys.add(key);
            }
        });
        return keys;
    }

    /** Returns a peer, uncommitted changes included; empty if nothing refers to it. */
    public Optional<NumberedPeer> find(PeerId peer) throws RocksDBException {
        return Optional.ofNullable(load(peer)).filter(found -> !found.isUnused());
    }

    /** Returns a peer, even if this transaction has removed the last reference to it; null if it has no number. */
    private @Nullable NumberedPeer load(PeerId peer) throws RocksDBException {
        NumberedPeer loaded = peers.get(peer);
        if (loaded == null) {
            loaded = database.peerNumbers().load(peer).orElse(null);
            if (loaded != null) {
                peers.put(peer, loaded);
            }
        }
        return loaded;
    }

    /**
     * Changes the numbers of references to a peer. The first reference assigns a number to the peer, and the removal of the last one
     * releases it.
     *
     * @param records the change of the number of records, may be negative
     * @param providers the change of the number of provider records, may be negative
     * @return the number of the peer
     */
    public long addReferences(PeerId peer, int records, int providers) throws RocksDBException {
        // a peer that loses its last reference and gets another in one transaction keeps its number, because readers
        // may use it
        NumberedPeer loaded = load(peer);
        NumberedPeer previous = loaded == null ? new NumberedPeer(++counters.lastPeer, 0, 0) : loaded;
        NumberedPeer next = previous.with(records, providers);
        peers.put(peer, next);
        peersByNumber.put(next.number(), peer);
        byte[] id = peer.bytes().toArray();
        if (next.isUnused()) {
            delete(ColumnFamily.PEERS, id);
            delete(ColumnFamily.PEER_NUMBERS, KeyEncoding.number(next.number()));
        } else {
            put(ColumnFamily.PEERS, id, next.bytes());
            if (previous.isUnused()) {
                put(ColumnFamily.PEER_NUMBERS, KeyEncoding.number(next.number()), id);
            }
        }
        return next.number();
    }

    /** Returns the ID of the peer with a number that this transaction has read or assigned. */
    public PeerId peer(long number) throws RocksDBException {
        PeerId pending = peersByNumber.get(number);
        if (pending != null) {
            return pending;
        }
        return database.peerNumbers()
                .peer(number)
                .orElseThrow(() -> new RocksDBException("missing peer number " + number));
    }

    /** Requires that the transaction is synced before the call of its user returns. */
    public void requireSync() {
        synced = true;
    }

    boolean isSynced() {
        return synced && changed;
    }

    /** Runs {@code task} after the transaction was committed; not if it fails. */
    public void afterCommit(Runnable task) {
        afterwards.add(task);
    }

    /**
     * Writes the batch and returns the new counters. Fails at the disk limit if the batch increases the number of entries.
     *
     * @param wait the time that the write has waited
     */
    Counters commit(BatchWriter writer, DiskLimit diskLimit, DiskWait wait) throws RocksDBException {
        if (!changed) {
            return database.counters();
        }
        if (counters.entries() > database.counters().entries()) {
            diskLimit.requireSpace();
        }
        put(ColumnFamily.META, Schema.COUNTERS_KEY, counters.bytes());
        writer.write(batch, wait);
        peers.forEach(database.peerNumbers()::update);
        afterwards.forEach(Runnable::run);
        return counters;
    }

    @Override
    public void close() {
        batch.close();
    }
}
