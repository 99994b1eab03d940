/**
 * The service provider interfaces: what a plug-in implements. This package holds what all plug-ins share; {@code store} and
 * {@code transport} hold the contracts.
 */
@NullMarked
package io.kad.api.spi;

import org.jspecify.annotations.NullMarked;
