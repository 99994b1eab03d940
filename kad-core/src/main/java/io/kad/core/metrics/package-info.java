/**
 * Metrics of a peer, made of its events, the results of its queries, its requests and its store calls. A peer without a receiver of metrics has
 * none of these objects. Thread-safe.
 */
@NullMarked
package io.kad.core.metrics;

import org.jspecify.annotations.NullMarked;
