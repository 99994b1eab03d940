import io.kad.api.spi.PeerSnapshotStoreProvider;
import io.kad.store.file.FilePeerSnapshotStoreProvider;

/** Peer snapshots in a plain file. */
module io.kad.store.file {
    requires transitive io.kad.api;
    requires static org.jspecify;

    exports io.kad.store.file;

    provides PeerSnapshotStoreProvider with
            FilePeerSnapshotStoreProvider;
}
