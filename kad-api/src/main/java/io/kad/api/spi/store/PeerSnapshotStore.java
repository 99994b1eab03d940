package io.kad.api.spi.store;

import io.kad.api.message.PeerInfo;
import java.util.List;

/**
 * Where a peer keeps the peers of its routing table over a restart, so that it can join again without a bootstrap peer.
 *
 * <p>Rules, each checked by the compatibility tests:
 *
 * <ul>
 *   <li>SNAPSHOT-01: {@link #load} returns what {@link #save} was last given, in its order, also after a restart; nothing if
 *       nothing was saved.
 *   <li>SNAPSHOT-02: a save is whole or not done: whenever the process dies, the list before it or the list of it is there.
 *   <li>SNAPSHOT-03: what can't be read is {@link StoreException.Failed}, and the next save replaces it.
 *   <li>SNAPSHOT-04: after {@link #close()} every call fails with {@link StoreException.Closed}; closing again has no effect.
 *   <li>SNAPSHOT-05: all methods may be called from any thread, several at once.
 * </ul>
 *
 * <p>All methods may block.
 */
public interface PeerSnapshotStore extends AutoCloseable {

    /** Returns the peers saved last. */
    List<PeerInfo> load() throws StoreException;

    /** Replaces what was saved by {@code peers}. */
    void save(List<PeerInfo> peers) throws StoreException;

    @Override
    void close() throws StoreException;
}
