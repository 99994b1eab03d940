/**
 * Security protocols of connections, as a connection upgrade sees them: each one is a {@link
 * io.kad.transport.netty.security.SecurityProtocol}, such as Noise.
 *
 * <p>Threading: confined to the event loop of the connection; a protocol serves all connections of a transport.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/README.md">libp2p connections</a>
 */
@NullMarked
package io.kad.transport.netty.security;

import org.jspecify.annotations.NullMarked;
