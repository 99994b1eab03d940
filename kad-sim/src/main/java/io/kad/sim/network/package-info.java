/**
 * The simulated network: peers, links, connections, latency and virtual time. Deterministic: each random number comes from the seed of
 * the network. Confined to one thread.
 */
@NullMarked
package io.kad.sim.network;

import org.jspecify.annotations.NullMarked;
