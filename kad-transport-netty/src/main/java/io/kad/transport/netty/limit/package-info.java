/**
 * Limits of what remote peers can make the local peer hold, and counters of the times that they were reached.
 *
 * <p>Threading: {@link io.kad.transport.netty.limit.ByteBudget} and {@link io.kad.transport.netty.limit.LimitCounters} are thread-safe; the
 * budget of a connection is confined to its event loop.
 */
@NullMarked
package io.kad.transport.netty.limit;

import org.jspecify.annotations.NullMarked;
