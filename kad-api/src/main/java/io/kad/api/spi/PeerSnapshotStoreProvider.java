package io.kad.api.spi;

/** Makes peer snapshot stores. */
public interface PeerSnapshotStoreProvider extends SpiProvider {

    /** Returns a new store, which the caller closes. */
    PeerSnapshotStore create(SpiContext context) throws StoreException;
}
