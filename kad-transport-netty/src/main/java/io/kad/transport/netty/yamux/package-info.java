/**
 * Yamux, the stream multiplexer of libp2p: many streams with flow control over one secured connection.
 *
 * <p>{@link io.kad.transport.netty.yamux.YamuxHandler} is added once the connection is upgraded. Each stream is a {@link
 * io.kad.transport.netty.yamux.YamuxStreamChannel}, a child channel with a separate pipeline.
 *
 * <p>Threading: a connection and all its streams share one event loop, and the state in this package is confined to it.
 * Public methods may be called from any thread if they say so.
 *
 * <p>Specification: {@code /yamux/1.0.0} of libp2p.
 */
@NullMarked
package io.kad.transport.netty.yamux;

import org.jspecify.annotations.NullMarked;
