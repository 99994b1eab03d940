/** Metrics of a peer, for a library that collects them. Implementations are thread-safe; their methods must not block. */
@NullMarked
package io.kad.api.spi.metrics;

import org.jspecify.annotations.NullMarked;
