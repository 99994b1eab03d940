/** JMH benchmarks of the RocksDB stores, compared with the bare database. Each benchmark runs on one thread. */
@NullMarked
package io.kad.bench.store;

import org.jspecify.annotations.NullMarked;
