/**
 * Routing table: 256 buckets of peers by XOR distance, and immutable snapshots of it. The table is confined to one thread at a time;
 * snapshots are thread-safe.
 *
 * <p>Sources: Kademlia paper, sections 2.2 and 2.4; libp2p kad-dht specification, Kademlia routing table.
 */
@NullMarked
package io.kad.core.routing;

import org.jspecify.annotations.NullMarked;
