package io.kad.api.spi.store;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;

/** Makes peer snapshot stores. */
public interface PeerSnapshotStoreProvider extends SpiProvider {

    /** Returns a new store, which the caller closes. */
    PeerSnapshotStore create(SpiContext context) throws StoreException;
}
