/**
 * Transports: each one carries connections over one kind of address, such as TCP, and brings them to authenticated ones with a muxer. Dialer and
 * listeners ask the list of them, {@link io.kad.transport.netty.transport.Transports}, and know none.
 *
 * <p>Threading: transports are thread-safe; their listeners are called on the event loop of the connection.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/addressing/README.md">libp2p addressing</a>
 */
@NullMarked
package io.kad.transport.netty.transport;

import org.jspecify.annotations.NullMarked;
