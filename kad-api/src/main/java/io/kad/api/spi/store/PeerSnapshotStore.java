package io.kad.api.spi.store;

import io.kad.api.message.PeerInfo;
import java.util.List;

/**
 * Persists the peers of the routing table, so that a restarted peer can rejoin the network without a bootstrap peer.
 *
 * <p>Rules, each checked by the compatibility tests:
 *
 * <ul>
 *   <li>SNAPSHOT-01: {@link #load} must return the list of the last {@link #save}, in its order, also after a restart. Before the
 *       first save it must return an empty list.
 *   <li>SNAPSHOT-02: a save must be atomic: whenever the process dies, the store must hold either the previous list or the new
 *       one.
 *   <li>SNAPSHOT-03: loading an unreadable snapshot must throw {@link StoreException.Failed}; the next save must replace it.
 *   <li>SNAPSHOT-04: after {@link #close()} every call must throw {@link StoreException.Closed}. Closing again must have no effect.
 *   <li>SNAPSHOT-05: all methods must be thread-safe.
 * </ul>
 *
 * <p>All methods may block.
 */
public interface PeerSnapshotStore extends AutoCloseable {

    /**
     * Returns the peers that were saved last.
     *
     * @throws StoreException if the snapshot can't be read; a retry is safe
     */
    List<PeerInfo> load() throws StoreException;

    /**
     * Replaces the snapshot by {@code peers}.
     *
     * @throws StoreException if the snapshot can't be written; the previous one is kept, and a retry is safe
     */
    void save(List<PeerInfo> peers) throws StoreException;

    @Override
    void close() throws StoreException;
}
