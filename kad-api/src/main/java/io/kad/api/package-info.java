/**
 * API of a peer: {@link io.kad.api.Kademlia}, its configuration, its queries and their failures.
 *
 * <p>A peer is built by {@link io.kad.api.Kademlia#builder}. All methods are thread-safe, except those of builders, and none blocks, except
 * {@link io.kad.api.Kademlia#close} and the streams of events. Configuration, snapshots and results are immutable values. Specified by the
 * libp2p kad-dht specification.
 */
@NullMarked
package io.kad.api;

import org.jspecify.annotations.NullMarked;
