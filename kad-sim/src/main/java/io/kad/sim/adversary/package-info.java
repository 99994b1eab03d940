/** Adversarial peers: peers that collude, fabricate peers, or answer with random lies. Confined to one thread. */
@NullMarked
package io.kad.sim.adversary;

import org.jspecify.annotations.NullMarked;
