package io.kad.api.spi;

import io.kad.api.id.PeerId;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * What a plug-in is given by the peer it works for.
 *
 * @param self the id of the peer
 * @param clock the wall clock; the only one a store may use
 * @param dataDirectory where the plug-in may keep files; empty when nothing is to be written to disk
 * @param options options of the plug-in by name, as the user wrote them
 * @param executor runs background work of the plug-in
 * @param listener is told what a store does unasked
 */
public record SpiContext(
        PeerId self,
        InstantSource clock,
        Optional<Path> dataDirectory,
        Map<String, String> options,
        Executor executor,
        StoreListener listener) {

    /** Makes a context whose stores tell nobody what they do unasked. */
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
}
