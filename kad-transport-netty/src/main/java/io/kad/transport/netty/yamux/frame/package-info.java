/**
 * The frames of Yamux and the failures of a session. Confined to the event loop of the connection.
 *
 * <p>Specification: {@code /yamux/1.0.0} of libp2p.
 */
@NullMarked
package io.kad.transport.netty.yamux.frame;

import org.jspecify.annotations.NullMarked;
