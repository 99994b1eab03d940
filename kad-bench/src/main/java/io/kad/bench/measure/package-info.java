/**
 * What all loads have in common, whatever they send: their times, latencies and errors, the usage of the process of the server, and the metrics of
 * all that.
 *
 * <p>Threading: a {@link io.kad.bench.measure.Measurement} is thread-safe; {@link io.kad.bench.measure.ServerUsage} and
 * {@link io.kad.bench.measure.UsageMeter} belong to the thread that runs the load.
 */
@NullMarked
package io.kad.bench.measure;

import org.jspecify.annotations.NullMarked;
