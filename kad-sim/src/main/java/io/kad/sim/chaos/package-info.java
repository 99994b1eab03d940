/** Small networks with every fault there is, one for each seed, in which nothing that must hold may break. */
@NullMarked
package io.kad.sim.chaos;

import org.jspecify.annotations.NullMarked;
