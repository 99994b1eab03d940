/**
 * libp2p connection stack on Netty: TCP, multistream-select, Noise, Yamux, identify, ping and Kademlia streams.
 *
 * <p>{@link io.kad.transport.netty.NettyTransport} is the entry point; its sub-packages are the layers of the stack.
 *
 * <p>Threading: the public types are thread-safe. Each connection and its streams belong to one event loop; nothing
 * blocks an event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/README.md">libp2p connections</a>
 */
@NullMarked
package io.kad.transport.netty;

import org.jspecify.annotations.NullMarked;
