package io.kad.store.memory;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.ProviderStoreProvider;

/** Makes {@link MemoryProviderStore}s; called {@code memory}. Its options are those of {@link MemoryStoreLimits}. */
public final class MemoryProviderStoreProvider implements ProviderStoreProvider {

    /** Made by {@link java.util.ServiceLoader}. */
    public MemoryProviderStoreProvider() {}

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
    public ProviderStore create(SpiContext context) {
        MemoryStoreLimits limits = MemoryStoreLimits.parse(context.options());
        InMemoryWarning.logOnce();
        return new MemoryProviderStore(context.self(), context.clock(), limits.providers());
    }
}
