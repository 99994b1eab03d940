/**
 * The contracts of stores: records, provider records and the peer snapshot. Implementations must be thread-safe. Each numbered rule is checked
 * by the compatibility test kit, {@code kad-tck}.
 */
@NullMarked
package io.kad.api.spi.store;

import org.jspecify.annotations.NullMarked;
