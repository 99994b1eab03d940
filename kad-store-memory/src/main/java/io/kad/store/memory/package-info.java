/**
 * Record and provider stores held in memory: bounded, and lost when the process ends.
 *
 * <p>Whether a record is taken is decided before it is stored, exactly, and what is taken is held until it is removed or
 * expires: nothing is evicted to make room. Own records, those this peer publishes or provides, have limits of their own
 * that no other peer can use up. Caffeine holds the entries and drops those long expired; whether a record is expired is
 * decided by the wall clock at each read, so a clock that steps does no harm. The same calls give the same content.
 *
 * <p>All classes that hold something are thread-safe, and no call waits for longer than another call on the same key
 * takes. Implements the rules of {@link io.kad.api.spi.RecordStore} and {@link io.kad.api.spi.ProviderStore}; records and
 * provider records are those of the libp2p kad-dht specification.
 */
@NullMarked
package io.kad.store.memory;

import org.jspecify.annotations.NullMarked;
