/**
 * Parts shared by stream handlers: message framing, limits of buffered bytes, timers, event-loop execution.
 *
 * <p>Threading: each object is confined to one event loop.
 */
@NullMarked
package io.kad.transport.netty.stream;

import org.jspecify.annotations.NullMarked;
