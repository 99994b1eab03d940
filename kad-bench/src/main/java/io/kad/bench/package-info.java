/**
 * JMH benchmarks of the routing table, lookups, the engine and the request handler, without a network. Each benchmark runs on one thread.
 * {@code BenchmarkProgram} starts them, and the commands of the packages below this one.
 */
@NullMarked
package io.kad.bench;

import org.jspecify.annotations.NullMarked;
