/**
 * The transports over WebSocket, plain and in TLS: the bytes of libp2p are those of binary messages, on TCP sockets that other transports share.
 *
 * <p>Threading: as {@link io.kad.transport.netty.transport}.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/websockets/README.md">libp2p WebSockets</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455">RFC 6455</a>
 */
@NullMarked
package io.kad.transport.netty.ws;

import org.jspecify.annotations.NullMarked;
