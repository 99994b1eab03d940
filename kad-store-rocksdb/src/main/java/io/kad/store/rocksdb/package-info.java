/**
 * Persistent stores: records and provider records in RocksDB, the peer snapshot in a file.
 *
 * <p>Both stores of a peer share one database, {@code rocksdb} in its data directory; {@code docs/STORE.md} describes its layout.
 * Each change is one atomic batch, so that a crash never leaves a part of it. Writes of local records are synced before the call
 * returns. Remote records survive a crash of the process, but the latest ones may be lost when the machine crashes.
 *
 * <p>The peers of the routing table are in a plain file beside the database; see {@code snapshot}.
 *
 * <p>Thread-safe; all calls may block. Implements the rules of {@link io.kad.api.spi.store.RecordStore} and {@link
 * io.kad.api.spi.store.ProviderStore}.
 */
@NullMarked
package io.kad.store.rocksdb;

import org.jspecify.annotations.NullMarked;
