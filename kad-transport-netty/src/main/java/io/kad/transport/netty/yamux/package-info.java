/**
 * Yamux, the stream multiplexer of libp2p: many streams with flow control over one secured connection.
 *
 * <p>{@link io.kad.transport.netty.yamux.YamuxHandler} sits in the pipeline of the connection and turns each stream into
 * a {@link io.kad.transport.netty.yamux.YamuxStreamChannel}, a child channel with a pipeline of its own.
 *
 * <p>Threading: a connection and all its streams share one event loop, and all state in this package belongs to that
 * loop. The public methods that say so may be called from any thread.
 *
 * <p>Specification: {@code /yamux/1.0.0} of libp2p.
 */
@NullMarked
package io.kad.transport.netty.yamux;

import org.jspecify.annotations.NullMarked;
