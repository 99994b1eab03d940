/**
 * The rules for records of all key namespaces together. Immutable, for any thread. Specified by the entry validation section of
 * the libp2p kad-dht specification.
 */
@NullMarked
package io.kad.core.record;

import org.jspecify.annotations.NullMarked;
