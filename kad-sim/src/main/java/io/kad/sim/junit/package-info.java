/** Simulated networks for JUnit tests. Confined to the thread of the test. */
@NullMarked
package io.kad.sim.junit;

import org.jspecify.annotations.NullMarked;
