/**
 * The ping protocol: 32 bytes and their echo, outbound and inbound. Specified by libp2p ping 1.0.0.
 *
 * <p>Threading: handlers are confined to the event loop of their stream.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/ping/ping.md">libp2p ping</a>
 */
@NullMarked
package io.kad.transport.netty.ping;

import org.jspecify.annotations.NullMarked;
