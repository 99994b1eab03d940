package io.kad.api.spi.store;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;

/** Factory of peer snapshot stores. */
public interface PeerSnapshotStoreProvider extends SpiProvider {

    /**
     * Returns a new store; the caller must close it.
     *
     * @throws IllegalArgumentException if an option is invalid
     */
    PeerSnapshotStore create(SpiContext context) throws StoreException;
}
