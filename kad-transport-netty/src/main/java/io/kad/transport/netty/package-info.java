/**
 * libp2p connection stack on Netty: transports, security, muxers, multistream-select, identify, ping and Kademlia streams.
 *
 * <p>{@link io.kad.transport.netty.NettyTransport} is the entry point; its sub-packages are the layers of the stack. From below: {@code
 * transport} and {@code tcp} connect and listen; {@code upgrade} takes a connection through {@code security} (such as {@code noise}) to a
 * muxer ({@code yamux}); {@code muxer} is the seam, above which nobody knows what carries a stream; {@code connection} has the limits; {@code
 * protocol} lists what is served, such as {@code kad}, {@code identify} and {@code ping}. {@code dial} reaches peers over all transports.
 *
 * <p>Threading: the public types are thread-safe. Each connection and its streams belong to one event loop; nothing
 * blocks an event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/README.md">libp2p connections</a>
 */
@NullMarked
package io.kad.transport.netty;

import org.jspecify.annotations.NullMarked;
