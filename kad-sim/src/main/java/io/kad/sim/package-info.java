/** Simulated networks that run the production code on virtual time. */
@NullMarked
package io.kad.sim;

import org.jspecify.annotations.NullMarked;
