/**
 * Dialing of peers: selection of addresses, parallel attempts, limits, DNS.
 *
 * <p>Threading: {@link io.kad.transport.netty.dial.Dialer} is thread-safe; each dial is confined to one event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/addressing/README.md">libp2p addressing</a>
 */
@NullMarked
package io.kad.transport.netty.dial;

import org.jspecify.annotations.NullMarked;
