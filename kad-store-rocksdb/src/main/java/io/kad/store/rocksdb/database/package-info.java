/**
 * The RocksDB database that both stores of a peer share: column families, key encoding, write transactions, schema migrations.
 * Thread-safe; all calls may block.
 */
@NullMarked
package io.kad.store.rocksdb.database;

import org.jspecify.annotations.NullMarked;
