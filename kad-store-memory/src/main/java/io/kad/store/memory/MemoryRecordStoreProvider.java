package io.kad.store.memory;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.RecordStoreProvider;

/** Makes {@link MemoryRecordStore}s; called {@code memory}. Its options are those of {@link MemoryStoreLimits}. */
public final class MemoryRecordStoreProvider implements RecordStoreProvider {

    /** Made by {@link java.util.ServiceLoader}. */
    public MemoryRecordStoreProvider() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public int priority() {
        return 0;
    }

    /**
     * Returns a new, empty store.
     *
     * @throws IllegalArgumentException in one line that names each option that is unknown or has a wrong value
     */
    @Override
    public RecordStore create(SpiContext context) {
        MemoryStoreLimits limits = MemoryStoreLimits.parse(context.options());
        InMemoryWarning.logOnce();
        return new MemoryRecordStore(context.self(), context.clock(), limits.records(), context.listener());
    }
}
