package io.kad.store.memory;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;
import java.util.Map;

/** Common base of the two providers: name, priority and options. */
abstract class MemoryStoreProvider implements SpiProvider {

    @Override
    public final String name() {
        return "memory";
    }

    @Override
    public final int priority() {
        return 0;
    }

    @Override
    public final Map<String, String> options(Map<String, String> given) {
        return MemoryStoreOptions.effective(given);
    }

    /** Returns the limits of a new store, and logs once that its records are not persisted. */
    static MemoryStoreLimits limitsOf(SpiContext context) {
        MemoryStoreLimits limits = MemoryStoreLimits.parse(context.options());
        InMemoryWarning.logOnce();
        return limits;
    }
}
