/**
 * Chaos runs: small networks with every fault on, one per seed, in which every invariant must hold. A run is confined to one thread;
 * several may run concurrently.
 */
@NullMarked
package io.kad.sim.chaos;

import org.jspecify.annotations.NullMarked;
