package io.kad.store.rocksdb;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
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
    private final Map<PeerId, InternedPeer> byPeer = remembering();
    private final Map<Integer, PeerId> byNumber = remembering();

    Interning(RocksDB db, Handles handles) {
        this.db = db;
        this.handles = handles;
    }

    private static <K, V> Map<K, V> remembering() {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED;
            }
        });
    }

    /** Returns the peer of that id, if it has a number. */
    Optional<InternedPeer> find(PeerId peer) throws RocksDBException {
        InternedPeer known = byPeer.get(peer);
        if (known != null) {
            return Optional.of(known);
        }
        byte @Nullable [] read = db.get(handles.of(Family.PEERS), peer.bytes().toArray());
        if (read == null) {
            return Optional.empty();
        }
        InternedPeer interned = InternedPeer.read(read);
        byPeer.put(peer, interned);
        return Optional.of(interned);
    }

    /**
     * Returns the id of the peer of that number; empty if a writer has removed the last that named it since the number was read, and with
     * it what it was read in. Numbers are not used again.
     */
    Optional<PeerId> peer(int number) throws RocksDBException {
        PeerId known = byNumber.get(number);
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
            byPeer.remove(peer);
            byNumber.remove(interned.number());
        } else {
            byPeer.put(peer, interned);
            byNumber.put(interned.number(), peer);
        }
    }

    /** Forgets everything, as it may not be what was written. */
    void forget() {
        byPeer.clear();
        byNumber.clear();
    }
}
