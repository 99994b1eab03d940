/**
 * Open connections and their limits: request concurrency, inbound streams, shared measurements.
 *
 * <p>Threading: thread-safe, except where a type says that it is confined to the event loop of its connection.
 */
@NullMarked
package io.kad.transport.netty.connection;

import org.jspecify.annotations.NullMarked;
