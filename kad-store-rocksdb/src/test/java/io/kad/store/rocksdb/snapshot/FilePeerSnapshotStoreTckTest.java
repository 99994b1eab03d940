package io.kad.store.rocksdb.snapshot;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.tck.PeerSnapshotStoreTck;

class FilePeerSnapshotStoreTckTest extends PeerSnapshotStoreTck {

    @Override
    protected PeerSnapshotStore openStore(SpiContext context) {
        return new FilePeerSnapshotStoreProvider().create(context);
    }
}
