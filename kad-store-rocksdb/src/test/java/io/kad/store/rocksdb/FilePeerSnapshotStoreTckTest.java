package io.kad.store.rocksdb;

import io.kad.api.spi.PeerSnapshotStore;
import io.kad.api.spi.SpiContext;
import io.kad.tck.PeerSnapshotStoreTck;

class FilePeerSnapshotStoreTckTest extends PeerSnapshotStoreTck {

    @Override
    protected PeerSnapshotStore openStore(SpiContext context) {
        return new FilePeerSnapshotStoreProvider().create(context);
    }
}
