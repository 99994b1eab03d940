/** Writes of a database that wait for the disk: batches, syncs of the log, flushes, and the limit of their time. */
@NullMarked
package io.kad.store.rocksdb.disk;

import org.jspecify.annotations.NullMarked;
