/**
 * Record and provider stores held in memory: bounded, and lost when the process ends.
 *
 * <p>Whether a record is taken is decided before it is stored, exactly, and what is taken is held until it is removed or
 * expires, with one exception: when the share of other peers is full, the record whose key is farthest from this peer gives
 * way to one that is nearer, which is counted and told. So a flood of far records drives out nothing, and one of near records
 * only what is farther. Own records, those this peer publishes or provides, have limits of their own that no other peer can use
 * up. Whether a record is expired is decided by the wall clock at each read, so a clock that steps does no harm. The same
 * calls give the same content, in the same order.
 *
 * <p>All classes that hold something are thread-safe. Reads don't lock, and writes wait for no longer than another write
 * takes. Implements the rules of {@link io.kad.api.spi.store.RecordStore} and {@link io.kad.api.spi.store.ProviderStore}; records and
 * provider records are those of the libp2p kad-dht specification.
 */
@NullMarked
package io.kad.store.memory;

import org.jspecify.annotations.NullMarked;
