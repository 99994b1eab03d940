package io.kad.store.rocksdb.database;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Maps peer IDs to numbers and back, with a cache in each direction.
 *
 * <p>Only the writing thread may use the cache by ID, because a reader could cache reference counts that a writer is about to change.
 * The cache by number is thread-safe: numbers are never reused, so its entries stay valid.
 */
public final class PeerNumbers {

    /** The largest number of cached peers in each direction. */
    private static final int CACHE_SIZE = 32_768;

    private final RocksDB db;
    private final ColumnFamilyHandles handles;
    private final Map<PeerId, NumberedPeer> byPeer = new LruMap<>();
    private final Cache<Long, PeerId> byNumber = Caffeine.newBuilder()
            .maximumSize(CACHE_SIZE)
            .executor(Runnable::run)
            .build();

    PeerNumbers(RocksDB db, ColumnFamilyHandles handles) {
        this.db = db;
        this.handles = handles;
    }

    private static final class LruMap<K, V> extends LinkedHashMap<K, V> {

        private static final long serialVersionUID = 1L;

        LruMap() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > CACHE_SIZE;
        }
    }

    /** Returns the peer with an ID, read from the database; empty if it has no number. */
    public Optional<NumberedPeer> read(PeerId peer) throws RocksDBException {
        byte @Nullable [] stored =
                db.get(handles.of(ColumnFamily.PEERS), peer.bytes().toArray());
        return stored == null ? Optional.empty() : Optional.of(NumberedPeer.read(stored));
    }

    /** Returns the peer with an ID, from the cache if possible; empty if it has no number. Called by the writing thread only. */
    Optional<NumberedPeer> load(PeerId peer) throws RocksDBException {
        NumberedPeer cached = byPeer.get(peer);
        if (cached != null) {
            return Optional.of(cached);
        }
        Optional<NumberedPeer> stored = read(peer);
        stored.ifPresent(interned -> byPeer.put(peer, interned));
        return stored;
    }

    /**
     * Returns the ID of the peer with a number. Empty if a writer has removed the last reference to the peer since the caller read the
     * number, and with it the entry that held the number.
     */
    public Optional<PeerId> peer(long number) throws RocksDBException {
        PeerId cached = byNumber.getIfPresent(number);
        if (cached != null) {
            return Optional.of(cached);
        }
        byte @Nullable [] stored = db.get(handles.of(ColumnFamily.PEER_NUMBERS), KeyEncoding.number(number));
        if (stored == null) {
            return Optional.empty();
        }
        PeerId peer = PeerId.fromBytes(Bytes.of(stored));
        byNumber.put(number, peer);
        return Optional.of(peer);
    }

    /** Updates the caches after a commit. Called by the writing thread only. */
    void update(PeerId peer, NumberedPeer interned) {
        if (interned.isUnused()) {
            byPeer.remove(peer);
            byNumber.invalidate(interned.number());
        } else {
            byPeer.put(peer, interned);
        }
    }

    /** Invalidates the cache by ID, because a failed write may have been made or not. Called by the writing thread only. */
    void invalidateByPeer() {
        byPeer.clear();
    }
}
