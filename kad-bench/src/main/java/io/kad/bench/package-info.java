/**
 * JMH benchmarks of the routing table, lookups, the engine and the request handler, without a network. Each benchmark runs on one thread.
 */
@NullMarked
package io.kad.bench;

import org.jspecify.annotations.NullMarked;
