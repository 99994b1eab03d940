package io.kad.store.rocksdb;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * A change under way: what is to be written together. It sees what it has written already, but a {@link Cursor} does not. Of one
 * thread, under the lock of writers.
 */
final class Transaction implements AutoCloseable {

    private final Database database;
    private final WriteBatch batch = new WriteBatch();
    private final Counters counters;
    private final Map<Place, Optional<byte[]>> pending = new HashMap<>();
    private final Map<PeerId, InternedPeer> peers = new HashMap<>();
    private final Map<Integer, PeerId> peersByNumber = new HashMap<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private boolean synced;

    /** Where something is written. */
    private record Place(Family family, Bytes key) {}

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

    byte @Nullable [] get(Family family, byte[] key) throws RocksDBException {
        Optional<byte[]> written = pending.isEmpty() ? null : pending.get(new Place(family, Bytes.of(key)));
        return written == null ? database.get(family, key) : written.orElse(null);
    }

    void put(Family family, byte[] key, byte[] value) throws RocksDBException {
        batch.put(database.family(family), key, value);
        pending.put(new Place(family, Bytes.of(key)), Optional.of(value));
    }

    void delete(Family family, byte[] key) throws RocksDBException {
        batch.delete(database.family(family), key);
        pending.put(new Place(family, Bytes.of(key)), Optional.empty());
    }

    /** Returns whether this change has not removed what a cursor finds there. */
    boolean isThere(Family family, byte[] key) {
        return !pending.getOrDefault(new Place(family, Bytes.of(key)), Optional.of(key))
                .isEmpty();
    }

    /** Returns the peer as it will be. */
    Optional<InternedPeer> find(PeerId peer) throws RocksDBException {
        InternedPeer changed = peers.get(peer);
        if (changed != null) {
            return changed.isUnused() ? Optional.empty() : Optional.of(changed);
        }
        return database.interning().load(peer);
    }

    /** Counts what names a peer, which gets a number with the first and loses it with the last. Returns the number. */
    int count(PeerId peer, int records, int providers) throws RocksDBException {
        InternedPeer before = before(peer);
        InternedPeer after = before.with(records, providers);
        peers.put(peer, after);
        peersByNumber.put(after.number(), peer);
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
        InternedPeer changed = peers.get(peer);
        if (changed != null) {
            return changed;
        }
        Optional<InternedPeer> known = database.interning().load(peer);
        return known.isPresent() ? known.get() : new InternedPeer(++counters.lastPeer, 0, 0);
    }

    /** Returns the id of a peer, which there is or will be. */
    PeerId peer(int number) throws RocksDBException {
        PeerId changed = peersByNumber.get(number);
        if (changed != null) {
            return changed;
        }
        return database.interning()
                .peer(number)
                .orElseThrow(() -> new RocksDBException("peer number " + number + " is missing"));
    }

    /** Wants the change to be on the disk before its caller goes on. */
    void sync() {
        synced = true;
    }

    boolean isSynced() {
        return synced && !pending.isEmpty();
    }

    /** Runs {@code task} once the change is written. */
    void afterwards(Runnable task) {
        afterwards.add(task);
    }

    /** Writes the change, and returns the counters as they are now. */
    Counters commit(BatchWriter writer) throws RocksDBException {
        if (pending.isEmpty()) {
            return database.counters();
        }
        put(Family.META, Schema.COUNTERS_KEY, counters.bytes());
        writer.write(batch);
        peers.forEach(database.interning()::changed);
        afterwards.forEach(Runnable::run);
        return counters;
    }

    @Override
    public void close() {
        batch.close();
    }
}
