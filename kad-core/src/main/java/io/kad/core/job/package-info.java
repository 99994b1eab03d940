/**
 * Jobs: the recurring background work of a peer, as state machines without I/O. They schedule bootstraps, republish and replicate records,
 * and sweep expired entries. Confined to one thread at a time.
 *
 * <p>Sources: libp2p kad-dht specification, bootstrap process and content provider advertisement; Kademlia paper, section 2.5.
 */
@NullMarked
package io.kad.core.job;

import org.jspecify.annotations.NullMarked;
