/**
 * Lookups and the queries made of them, as state machines without input or output. Confined to one thread at a time.
 * Specified by the lookup sections of the libp2p kad-dht specification and by the Kademlia paper, section 2.3.
 */
@NullMarked
package io.kad.core.query;

import org.jspecify.annotations.NullMarked;
