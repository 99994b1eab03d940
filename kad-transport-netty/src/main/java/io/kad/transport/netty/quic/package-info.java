/**
 * QUIC version 1 as libp2p uses it: a transport that is secured and multiplexed by itself, with the certificates of {@link
 * io.kad.transport.netty.tls}.
 *
 * <p>{@link io.kad.transport.netty.quic.QuicConnection} and {@link io.kad.transport.netty.quic.QuicStream} give Netty's channels of
 * QUIC the behaviour that all muxers have. They hide what Netty's do otherwise: a close is an end without a reset, an end of one direction may
 * overtake written bytes or get lost, and a reset leaves a channel open and in the memory of its connection.
 *
 * <p>Threading: a connection and its streams share the event loop of their UDP socket.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/quic/README.md">libp2p QUIC</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9000">RFC 9000</a>
 */
@NullMarked
package io.kad.transport.netty.quic;

import org.jspecify.annotations.NullMarked;
