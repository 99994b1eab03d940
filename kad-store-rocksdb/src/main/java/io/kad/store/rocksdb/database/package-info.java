/**
 * RocksDB database that both stores of a peer share: column families, key encoding, write transactions, schema migrations.
 *
 * <p>Databases and leases are thread-safe, and all their calls may block. Transactions and iterators are confined to one thread.
 * {@code docs/STORE.md} describes the schema.
 */
@NullMarked
package io.kad.store.rocksdb.database;

import org.jspecify.annotations.NullMarked;
