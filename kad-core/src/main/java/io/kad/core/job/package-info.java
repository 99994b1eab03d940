/**
 * When a peer does something by itself, as state machines without input or output. Confined to one thread at a time. Specified
 * by the bootstrap section of the libp2p kad-dht specification.
 */
@NullMarked
package io.kad.core.job;

import org.jspecify.annotations.NullMarked;
