/**
 * Stores that keep what they hold on disk, most of it in RocksDB.
 *
 * <p>Both stores of a peer share one database, {@code rocksdb} in its data directory, laid out as {@code docs/STORE.md} says. All calls may
 * block. What changes together is written together, so that after a crash nothing is there by half. Writes of own records are on the
 * disk when the call returns; those of others when RocksDB gets to it, which the death of the process does not prevent.
 *
 * <p>The peers of the routing table are beside it, in a plain file.
 */
@NullMarked
package io.kad.store.rocksdb;

import org.jspecify.annotations.NullMarked;
