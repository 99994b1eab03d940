package io.kad.api.spi;

import io.kad.api.id.PeerId;
import io.kad.api.spi.metrics.Metrics;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Environment of a plug-in: identity, clock, directory, options and executor of the peer that creates it. Immutable; the same
 * context may be given to several plug-ins.
 *
 * @param self the ID of the local peer
 * @param clock the wall clock; a store must use no other, and gets one that goes on evenly when the wall clock jumps
 * @param dataDirectory the directory for the files of the plug-in; empty if the peer must not write to disk
 * @param options the options of the configuration by full name, values as the user wrote them; includes those of other plug-ins
 * @param executor runs background work of the plug-in
 * @param listener receives notifications from a store, such as evictions
 * @param metrics receives the metrics of the plug-in; it throws nothing, and ignores everything if the peer has no receiver of metrics
 */
public record SpiContext(
        PeerId self,
        InstantSource clock,
        Optional<Path> dataDirectory,
        Map<String, String> options,
        Executor executor,
        StoreListener listener,
        Metrics metrics) {

    private static final String MISSING_DATA_DIRECTORY =
            "missing data directory: set one with dataDirectory(path) of the builder, or --data DIR of the program";

    /** Creates a context whose receiver of metrics ignores everything. */
    public SpiContext(
            PeerId self,
            InstantSource clock,
            Optional<Path> dataDirectory,
            Map<String, String> options,
            Executor executor,
            StoreListener listener) {
        this(self, clock, dataDirectory, options, executor, listener, Metrics.NONE);
    }

    /** Creates a context whose listener and receiver of metrics ignore everything. */
    public SpiContext(
            PeerId self,
            InstantSource clock,
            Optional<Path> dataDirectory,
            Map<String, String> options,
            Executor executor) {
        this(self, clock, dataDirectory, options, executor, StoreListener.NONE);
    }

    public SpiContext {
        options = Map.copyOf(options);
    }

    /**
     * Returns the data directory of a plug-in that cannot work without one.
     *
     * @throws IllegalArgumentException if there is none; a retry with the same context fails again
     */
    public Path requireDataDirectory() {
        return dataDirectory.orElseThrow(() -> new IllegalArgumentException(MISSING_DATA_DIRECTORY));
    }

    /**
     * Returns the reason why a plug-in that needs a data directory is {@linkplain SpiProvider#unavailable unavailable}; empty if
     * the context has one.
     */
    public Optional<String> missingDataDirectory() {
        return dataDirectory.isPresent() ? Optional.empty() : Optional.of(MISSING_DATA_DIRECTORY);
    }
}
