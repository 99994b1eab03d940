/**
 * Requests and responses of the Kademlia protocol, as values.
 *
 * <p>Threading: all types are immutable and thread-safe. Specified by the RPC messages section of libp2p kad-dht.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md">libp2p kad-dht</a>
 */
@NullMarked
package io.kad.api.message;

import org.jspecify.annotations.NullMarked;
