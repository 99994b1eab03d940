package io.kad.store.rocksdb;

import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** A change under way: what is to be written together, and what of it must already be seen. Of one thread, under the lock of writers. */
final class Transaction implements AutoCloseable {

    private final Database database;
    private final WriteBatch batch = new WriteBatch();
    private final Counters counters;
    private final Map<PeerId, InternedPeer> peers = new HashMap<>();
    private final Set<io.kad.api.id.Bytes> gone = new HashSet<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private boolean synced;
    private boolean changed;

    Transaction(Database database) {
        this.database = database;
        this.counters = database.counters().copy();
    }

    Database database() {
        return database;
    }

    Counters counters() {
        return counters;
    }

    void put(Family family, byte[] key, byte[] value) throws RocksDBException {
        batch.put(database.family(family), key, value);
        changed = true;
    }

    void delete(Family family, byte[] key) throws RocksDBException {
        batch.delete(database.family(family), key);
        changed = true;
    }

    /** Returns the peer as it will be. */
    Optional<InternedPeer> find(PeerId peer) throws RocksDBException {
        InternedPeer pending = peers.get(peer);
        if (pending != null) {
            return pending.isUnused() ? Optional.empty() : Optional.of(pending);
        }
        return database.interning().find(peer);
    }

    /** Counts what names a peer, which gets a number with the first and loses it with the last. Returns the number. */
    int count(PeerId peer, int records, int providers) throws RocksDBException {
        InternedPeer before = before(peer);
        InternedPeer after = before.with(records, providers);
        peers.put(peer, after);
        byte[] id = peer.bytes().toArray();
        if (after.isUnused()) {
            delete(Family.PEERS, id);
            delete(Family.PEER_NUMBERS, Layout.number(after.number()));
        } else {
            put(Family.PEERS, id, after.bytes());
            if (before.isUnused()) {
                put(Family.PEER_NUMBERS, Layout.number(after.number()), id);
            }
        }
        return after.number();
    }

    /** A peer that loses its last place and gets another in one change keeps its number, as readers may hold it. */
    private InternedPeer before(PeerId peer) throws RocksDBException {
        InternedPeer pending = peers.get(peer);
        if (pending != null) {
            return pending;
        }
        Optional<InternedPeer> known = database.interning().find(peer);
        return known.isPresent() ? known.get() : new InternedPeer(++counters.lastPeer, 0, 0);
    }

    /** Returns the id of a peer, which there is or will be. */
    PeerId peer(int number) throws RocksDBException {
        for (Map.Entry<PeerId, InternedPeer> each : peers.entrySet()) {
            if (each.getValue().number() == number) {
                return each.getKey();
            }
        }
        return database.interning()
                .peer(number)
                .orElseThrow(() -> new RocksDBException("peer number " + number + " is missing"));
    }

    /** Takes note that this change removes something, which is still seen in the database. */
    void remove(byte[] what) {
        gone.add(io.kad.api.id.Bytes.of(what));
    }

    boolean isRemoved(byte[] what) {
        return !gone.isEmpty() && gone.contains(io.kad.api.id.Bytes.of(what));
    }

    /** Wants the change to be on the disk before its caller goes on. */
    void sync() {
        synced = true;
    }

    boolean isSynced() {
        return synced && changed;
    }

    /** Runs {@code task} once the change is written. */
    void afterwards(Runnable task) {
        afterwards.add(task);
    }

    byte @Nullable [] get(Family family, byte[] key) throws RocksDBException {
        return database.get(family, key);
    }

    /** Writes the change, and returns the counters as they are now. */
    Counters commit(WriteOptions options) throws RocksDBException {
        if (!changed) {
            return database.counters();
        }
        put(Family.META, Schema.COUNTERS_KEY, counters.bytes());
        database.rocks().write(options, batch);
        peers.forEach(database.interning()::changed);
        afterwards.forEach(Runnable::run);
        return counters;
    }

    @Override
    public void close() {
        batch.close();
    }
}
