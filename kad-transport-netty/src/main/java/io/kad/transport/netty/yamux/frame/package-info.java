/**
 * Frames of Yamux and failures of its streams and connections.
 *
 * <p>Threading: decoder and writer are confined to the event loop of the connection; values are immutable.
 *
 * <p>Specification: {@code /yamux/1.0.0} of libp2p.
 */
@NullMarked
package io.kad.transport.netty.yamux.frame;

import org.jspecify.annotations.NullMarked;
