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
 * The peers that are named by numbers, some of them remembered.
 *
 * <p>What is counted of a peer is for the one that writes: a reader could remember what a writer is about to change. Numbers are not
 * used again, so that what is remembered of one stays true; any number of threads reads that.
 */
public final class PeerInterner {

    /** How many peers are remembered in each direction. */
    private static final int CACHE_SIZE = 32_768;

    private final RocksDB db;
    private final ColumnFamilyHandles handles;
    private final Map<PeerId, InternedPeer> byPeer = new LastUsed<>();
    private final Cache<Long, PeerId> byNumber = Caffeine.newBuilder()
            .maximumSize(CACHE_SIZE)
            .executor(Runnable::run)
            .build();

    PeerInterner(RocksDB db, ColumnFamilyHandles handles) {
        this.db = db;
        this.handles = handles;
    }

    private static final class LastUsed<K, V> extends LinkedHashMap<K, V> {

        private static final long serialVersionUID = 1L;

        LastUsed() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > CACHE_SIZE;
        }
    }

    /** Returns the peer of that id, if it has a number. */
    public Optional<InternedPeer> read(PeerId peer) throws RocksDBException {
        byte @Nullable [] read =
                db.get(handles.of(ColumnFamily.PEERS), peer.bytes().toArray());
        return read == null ? Optional.empty() : Optional.of(InternedPeer.read(read));
    }

    /** Returns the peer of that id, if it has a number, and remembers it. For the one that writes. */
    Optional<InternedPeer> load(PeerId peer) throws RocksDBException {
        InternedPeer known = byPeer.get(peer);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<InternedPeer> read = read(peer);
        read.ifPresent(interned -> byPeer.put(peer, interned));
        return read;
    }

    /**
     * Returns the id of the peer of that number; empty if a writer has removed the last that named it since the number was read, and with
     * it what it was read in.
     */
    public Optional<PeerId> peer(long number) throws RocksDBException {
        PeerId known = byNumber.getIfPresent(number);
        if (known != null) {
            return Optional.of(known);
        }
        byte @Nullable [] read = db.get(handles.of(ColumnFamily.PEER_NUMBERS), KeyEncoding.number(number));
        if (read == null) {
            return Optional.empty();
        }
        PeerId peer = PeerId.fromBytes(Bytes.of(read));
        byNumber.put(number, peer);
        return Optional.of(peer);
    }

    /** Takes note of what was written. For the one that writes. */
    void update(PeerId peer, InternedPeer interned) {
        if (interned.isUnused()) {
            byPeer.remove(peer);
            byNumber.invalidate(interned.number());
        } else {
            byPeer.put(peer, interned);
        }
    }

    /** Forgets what may not be what was written. For the one that writes. */
    void invalidateAll() {
        byPeer.clear();
    }
}
