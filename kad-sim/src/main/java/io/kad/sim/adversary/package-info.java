/**
 * Adversarial peers, after S/Kademlia: peers that collude, and peers that fabricate others. Each is a {@link
 * io.kad.sim.network.PeerBehavior} that sends well-formed responses. Confined to the thread of the network.
 */
@NullMarked
package io.kad.sim.adversary;

import org.jspecify.annotations.NullMarked;
