/** The peer snapshot in a file: the peers of the routing table, kept across restarts. Thread-safe; all calls may block. */
@NullMarked
package io.kad.store.rocksdb.snapshot;

import org.jspecify.annotations.NullMarked;
