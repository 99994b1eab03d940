/**
 * Codec of Kademlia messages, between bytes and the values of {@code io.kad.api.message}.
 *
 * <p>Threading: the codec is thread-safe; the state of one message is confined to one thread.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md">libp2p kad-dht, RPC messages</a>
 */
@NullMarked
package io.kad.wire.message;

import org.jspecify.annotations.NullMarked;
