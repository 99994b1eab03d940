/**
 * Multiplexed connections and their streams, whichever muxer they have: Yamux over TCP, or QUIC, which is one of its own.
 *
 * <p>A {@link io.kad.transport.netty.muxer.MuxedConnection} opens streams. A stream is a Netty channel; what Netty has no common word for, such as
 * the end of one direction, is a {@link io.kad.transport.netty.muxer.MuxedStream}. Protocols know these only, and no muxer. A stream that fails
 * ends with a {@link io.kad.transport.netty.muxer.MuxerException}, whose type is its scope.
 *
 * <p>Threading: a connection and its streams share one event loop; methods of the interfaces may be called from any thread unless they say
 * otherwise.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/README.md">libp2p connections</a>
 */
@NullMarked
package io.kad.transport.netty.muxer;

import org.jspecify.annotations.NullMarked;
