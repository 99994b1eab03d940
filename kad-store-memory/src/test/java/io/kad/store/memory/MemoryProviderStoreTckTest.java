package io.kad.store.memory;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.ProviderStore;
import io.kad.tck.ProviderStoreTck;
import java.util.Map;

class MemoryProviderStoreTckTest extends ProviderStoreTck {

    @Override
    protected ProviderStore createStore(SpiContext context, Limits limits) {
        Map<String, String> options = Map.of(
                "memory.max-provided-keys", "" + limits.remote(),
                "memory.max-local-provided-keys", "" + limits.local(),
                "memory.max-providers-per-key", "" + limits.remotePerKey(),
                "memory.max-keys-per-provider", "" + limits.remotePerProvider());
        return new MemoryProviderStoreProvider()
                .create(new SpiContext(
                        context.self(),
                        context.clock(),
                        context.dataDirectory(),
                        options,
                        context.executor(),
                        context.listener()));
    }
}
