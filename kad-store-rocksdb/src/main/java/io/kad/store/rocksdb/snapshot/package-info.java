/**
 * Peer snapshot store in a file, which persists the peers of the routing table across restarts.
 *
 * <p>Thread-safe; all calls may block. Implements the rules of {@link io.kad.api.spi.store.PeerSnapshotStore}.
 */
@NullMarked
package io.kad.store.rocksdb.snapshot;

import org.jspecify.annotations.NullMarked;
