package io.kad.store.rocksdb.snapshot;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.PeerSnapshotStoreProvider;
import java.util.Optional;

/** Makes peer snapshot stores that keep the file {@code peers} in the data directory; called {@code file}, of priority 0. */
public final class FilePeerSnapshotStoreProvider implements PeerSnapshotStoreProvider {

    private static final String FILE = "peers";

    /** Made by {@link java.util.ServiceLoader}. */
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
        return context.dataDirectory().isPresent() ? Optional.empty() : Optional.of("there is no data directory");
    }

    /**
     * Returns a store in the data directory, which is made with the first save.
     *
     * @throws IllegalArgumentException if there is no data directory
     */
    @Override
    public PeerSnapshotStore create(SpiContext context) {
        return new FilePeerSnapshotStore(context.dataDirectory()
                .orElseThrow(() -> new IllegalArgumentException("there is no data directory"))
                .resolve(FILE));
    }
}
