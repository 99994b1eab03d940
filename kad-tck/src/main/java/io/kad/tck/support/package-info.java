/**
 * Support for compatibility tests: a clock, test data, recorded callbacks, concurrent calls, unresponsive peers.
 *
 * <p>Clocks and recorders are thread-safe; the documentation of each type says so.
 */
@NullMarked
package io.kad.tck.support;

import org.jspecify.annotations.NullMarked;
