package io.kad.store.rocksdb.snapshot;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.PeerSnapshotStoreProvider;
import java.util.Optional;

/** Factory of peer snapshot stores in the file {@code peers} of the data directory, named {@code file}; priority 0. */
public final class FilePeerSnapshotStoreProvider implements PeerSnapshotStoreProvider {

    private static final String FILE = "peers";

    /** Creates the provider; called by {@link java.util.ServiceLoader}. */
    public FilePeerSnapshotStoreProvider() {}

    @Override
    public String name() {
        return "file";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Optional<String> unavailable(SpiContext context) {
        return context.missingDataDirectory();
    }

    /**
     * Returns a store in the data directory; the first save creates the directory and the file.
     *
     * @throws IllegalArgumentException if there is no data directory
     */
    @Override
    public PeerSnapshotStore create(SpiContext context) {
        return new FilePeerSnapshotStore(context.requireDataDirectory().resolve(FILE));
    }
}
