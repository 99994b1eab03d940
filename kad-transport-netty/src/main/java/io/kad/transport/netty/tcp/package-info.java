/**
 * The transport over TCP: sockets, whose connections are secured and multiplexed by an upgrade.
 *
 * <p>Threading: as {@link io.kad.transport.netty.transport}.
 */
@NullMarked
package io.kad.transport.netty.tcp;

import org.jspecify.annotations.NullMarked;
