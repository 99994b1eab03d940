/**
 * Identifiers: peer IDs, record keys, content identifiers, addresses, and the key space.
 *
 * <p>Threading: all types are immutable values, thread-safe. Specified by libp2p (peer IDs, addressing) and
 * multiformats.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p peer IDs</a>
 * @see <a href="https://github.com/multiformats/multiaddr">multiaddr</a>
 */
@NullMarked
package io.kad.api.id;

import org.jspecify.annotations.NullMarked;
