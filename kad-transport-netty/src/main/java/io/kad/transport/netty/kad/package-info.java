/**
 * Kademlia streams: length-prefixed requests and responses, outbound and inbound.
 *
 * <p>Threading: each handler is confined to the event loop of its stream; the client is thread-safe.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md">libp2p kad-dht</a>
 */
@NullMarked
package io.kad.transport.netty.kad;

import org.jspecify.annotations.NullMarked;
