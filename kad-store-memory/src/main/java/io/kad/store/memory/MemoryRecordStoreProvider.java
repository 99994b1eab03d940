package io.kad.store.memory;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.RecordStoreProvider;

/** Factory of {@link MemoryRecordStore}s, named {@code memory}. Options: see {@link MemoryStoreLimits}. */
public final class MemoryRecordStoreProvider extends MemoryStoreProvider implements RecordStoreProvider {

    /** Creates the provider; called by {@link java.util.ServiceLoader}. */
    public MemoryRecordStoreProvider() {}

    /**
     * Returns a new, empty store.
     *
     * @throws IllegalArgumentException if an option is unknown or invalid; one line that lists all of them
     */
    @Override
    public RecordStore create(SpiContext context) {
        return new MemoryRecordStore(
                context.self(), context.clock(), limitsOf(context).records(), context.listener());
    }
}
