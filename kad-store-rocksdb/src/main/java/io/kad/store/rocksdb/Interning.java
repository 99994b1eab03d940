package io.kad.store.rocksdb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** The peers that are named by numbers, some of them remembered. Thread-safe. */
final class Interning {

    /** How many peers are remembered in each direction. */
    private static final int REMEMBERED = 16_384;

    private final RocksDB db;
    private final Handles handles;
    private final Cache<PeerId, InternedPeer> byPeer = remembering();
    private final Cache<Integer, PeerId> byNumber = remembering();

    Interning(RocksDB db, Handles handles) {
        this.db = db;
        this.handles = handles;
    }

    private static <K, V> Cache<K, V> remembering() {
        return Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Returns the peer of that id, if it has a number. Remembers nothing: while a reader looks, a writer may change what it reads,
     * and only what the last writer left may be remembered.
     */
    Optional<InternedPeer> find(PeerId peer) throws RocksDBException {
        InternedPeer known = byPeer.getIfPresent(peer);
        if (known != null) {
            return Optional.of(known);
        }
        byte @Nullable [] read = db.get(handles.of(Family.PEERS), peer.bytes().toArray());
        return read == null ? Optional.empty() : Optional.of(InternedPeer.read(read));
    }

    /** Returns the peer of that id, if it has a number, and remembers it. For the one that writes. */
    Optional<InternedPeer> load(PeerId peer) throws RocksDBException {
        Optional<InternedPeer> found = find(peer);
        found.ifPresent(interned -> byPeer.put(peer, interned));
        return found;
    }

    /**
     * Returns the id of the peer of that number; empty if a writer has removed the last that named it since the number was read, and with
     * it what it was read in. Numbers are not used again, so that what is remembered of one stays true.
     */
    Optional<PeerId> peer(int number) throws RocksDBException {
        PeerId known = byNumber.getIfPresent(number);
        if (known != null) {
            return Optional.of(known);
        }
        byte @Nullable [] read = db.get(handles.of(Family.PEER_NUMBERS), Layout.number(number));
        if (read == null) {
            return Optional.empty();
        }
        PeerId peer = PeerId.fromBytes(Bytes.of(read));
        byNumber.put(number, peer);
        return Optional.of(peer);
    }

    /** Takes note of what was written. */
    void changed(PeerId peer, InternedPeer interned) {
        if (interned.isUnused()) {
            byPeer.invalidate(peer);
            byNumber.invalidate(interned.number());
        } else {
            byPeer.put(peer, interned);
        }
    }

    /** Forgets everything, as it may not be what was written. */
    void forget() {
        byPeer.invalidateAll();
        byNumber.invalidateAll();
    }
}
