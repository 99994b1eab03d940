package io.kad.store.memory;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.ProviderStoreProvider;

/** Factory of {@link MemoryProviderStore}s, named {@code memory}. Options: see {@link MemoryStoreLimits}. */
public final class MemoryProviderStoreProvider extends MemoryStoreProvider implements ProviderStoreProvider {

    /** Creates the provider; called by {@link java.util.ServiceLoader}. */
    public MemoryProviderStoreProvider() {}

    /**
     * Returns a new, empty store.
     *
     * @throws IllegalArgumentException if an option is unknown or invalid; one line that lists all of them
     */
    @Override
    public ProviderStore create(SpiContext context) {
        return new MemoryProviderStore(
                context.self(), context.clock(), limitsOf(context).providers(), context.listener());
    }
}
