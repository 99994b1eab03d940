/**
 * Comparison of servers of several implementations of libp2p on one machine: each in a process of its own, with the same identity, routing table and
 * stores, under the same load.
 *
 * <p>Threading: the command runs on one thread, besides those that read the output of the processes.
 */
@NullMarked
package io.kad.bench.compare;

import org.jspecify.annotations.NullMarked;
