/**
 * The contracts of stores: records, provider records and the peer snapshot.
 *
 * <p>Implementations must be thread-safe. Each numbered rule is checked by the compatibility test kit, {@code kad-tck}. The words
 * of the rules ("must", "must not", "may") have the meaning of RFC 2119.
 */
@NullMarked
package io.kad.api.spi.store;

import org.jspecify.annotations.NullMarked;
