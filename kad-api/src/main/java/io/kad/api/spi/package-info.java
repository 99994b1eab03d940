/**
 * The service provider interfaces, which plug-ins implement. This package holds the parts that all plug-ins share; {@code store}
 * and {@code transport} contain the contracts.
 *
 * <p>Providers and contexts are immutable. The threading rules of a plug-in are part of its contract.
 */
@NullMarked
package io.kad.api.spi;

import org.jspecify.annotations.NullMarked;
