/**
 * Network model: peers, their transport, links with latency and faults, connections, and virtual time.
 *
 * <p>A message goes from {@code SimTransport} through {@link io.kad.sim.network.SimLinks}, which draws its latency and faults, to the
 * transport of the receiver and its {@link io.kad.sim.network.PeerBehavior}. Uses no other package of the simulator. Deterministic: each
 * random number comes from the seed of the network. Confined to one thread.
 */
@NullMarked
package io.kad.sim.network;

import org.jspecify.annotations.NullMarked;
