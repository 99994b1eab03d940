/** Simulations described in files: what is simulated, what is measured, and what is expected. Confined to one thread each. */
@NullMarked
package io.kad.sim.scenario;

import org.jspecify.annotations.NullMarked;
