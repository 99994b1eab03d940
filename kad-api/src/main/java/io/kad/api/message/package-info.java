/**
 * The requests peers send each other and their answers, as values. All types are immutable. Specified by the RPC
 * messages section of the libp2p kad-dht specification.
 */
@NullMarked
package io.kad.api.message;

import org.jspecify.annotations.NullMarked;
