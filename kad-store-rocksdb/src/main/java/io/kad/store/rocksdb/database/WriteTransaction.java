package io.kad.store.rocksdb.database;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
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
 * A change under way: what is to be written together. It sees what it has written already, but a {@link PrefixIterator} does not. Of one
 * thread, under the lock of writers.
 */
public final class WriteTransaction implements AutoCloseable {

    private static final Set<ColumnFamily> READ_BACK = Collections.unmodifiableSet(EnumSet.of(
            ColumnFamily.RECORDS, ColumnFamily.PROVIDERS, ColumnFamily.PROVIDER_KEYS, ColumnFamily.PROVIDER_COUNTS));

    private final Database database;
    private final WriteBatch batch = new WriteBatch();
    private final Counters counters;
    /** What was read ahead, and over that what was written where it may be read; of other families only what was deleted. */
    private final Map<FamilyKey, Optional<byte[]>> overlay = new HashMap<>();

    private final Map<PeerId, InternedPeer> peers = new HashMap<>();
    private final Map<Long, PeerId> peersByNumber = new HashMap<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private boolean synced;
    private boolean changed;
    private boolean deletes;

    /** Where something is written. */
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

    /** Reads what will be asked for, all at once, which takes less time than one after the other. */
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

    /** Returns whether this change has not removed what a cursor finds there. */
    public boolean isNotDeleted(ColumnFamily family, byte[] key) {
        return overlay.getOrDefault(new FamilyKey(family, Bytes.of(key)), Optional.of(key))
                .isPresent();
    }

    /** Returns the peer as it will be. */
    public Optional<InternedPeer> find(PeerId peer) throws RocksDBException {
        return Optional.ofNullable(known(peer)).filter(each -> !each.isUnused());
    }

    /** A peer that has lost its last place is known here still. */
    private @Nullable InternedPeer known(PeerId peer) throws RocksDBException {
        InternedPeer known = peers.get(peer);
        if (known == null) {
            known = database.interner().load(peer).orElse(null);
            if (known != null) {
                peers.put(peer, known);
            }
        }
        return known;
    }

    /** Counts what names a peer, which gets a number with the first and loses it with the last. Returns the number. */
    public long addReferences(PeerId peer, int records, int providers) throws RocksDBException {
        // one that loses its last place and gets another in one change keeps its number, as readers may hold it
        InternedPeer known = known(peer);
        InternedPeer before = known == null ? new InternedPeer(++counters.lastPeer, 0, 0) : known;
        InternedPeer after = before.with(records, providers);
        peers.put(peer, after);
        peersByNumber.put(after.number(), peer);
        byte[] id = peer.bytes().toArray();
        if (after.isUnused()) {
            delete(ColumnFamily.PEERS, id);
            delete(ColumnFamily.PEER_NUMBERS, KeyEncoding.number(after.number()));
        } else {
            put(ColumnFamily.PEERS, id, after.bytes());
            if (before.isUnused()) {
                put(ColumnFamily.PEER_NUMBERS, KeyEncoding.number(after.number()), id);
            }
        }
        return after.number();
    }

    /** Returns the id of a peer, which there is or will be. */
    public PeerId peer(long number) throws RocksDBException {
        PeerId pending = peersByNumber.get(number);
        if (pending != null) {
            return pending;
        }
        return database.interner()
                .peer(number)
                .orElseThrow(() -> new RocksDBException("peer number " + number + " is missing"));
    }

    /** Wants the change to be on the disk before its caller goes on. */
    public void requireSync() {
        synced = true;
    }

    boolean isSynced() {
        return synced && changed;
    }

    /** Runs {@code task} once the change is written. */
    public void afterCommit(Runnable task) {
        afterwards.add(task);
    }

    /** Writes the change, and returns the counters as they are now. */
    Counters commit(BatchWriter writer) throws RocksDBException {
        if (!changed) {
            return database.counters();
        }
        put(ColumnFamily.META, Schema.COUNTERS_KEY, counters.bytes());
        writer.write(batch);
        peers.forEach(database.interner()::update);
        afterwards.forEach(Runnable::run);
        return counters;
    }

    @Override
    public void close() {
        batch.close();
    }
}
