/**
 * What the commands of the benchmarks have in common: the form of durations, checks of values, and failures.
 *
 * <p>Threading: all types are immutable.
 */
@NullMarked
package io.kad.bench.cli;

import org.jspecify.annotations.NullMarked;
