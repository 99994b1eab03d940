package io.kad.store.rocksdb;

import io.kad.api.spi.SpiContext;
import java.util.Map;

/** Factory of contexts for the compatibility tests. */
final class Contexts {

    private Contexts() {}

    static SpiContext withOptions(SpiContext context, Map<String, String> options) {
        return new SpiContext(
                context.self(),
                context.clock(),
                context.dataDirectory(),
                options,
                context.executor(),
                context.listener());
    }
}
