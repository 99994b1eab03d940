/**
 * The routing table: 256 buckets of peers by distance, and immutable snapshots of it. The table is confined to one thread at a
 * time; snapshots may be read by any. Specified by the Kademlia paper, section 2.2.
 */
@NullMarked
package io.kad.core.routing;

import org.jspecify.annotations.NullMarked;
