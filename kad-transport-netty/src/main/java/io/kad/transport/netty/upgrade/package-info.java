/**
 * Connection upgrade: from a raw connection to one that is authenticated, encrypted and ready for a stream muxer, by steps that both peers agree
 * on: a security protocol, then a muxer.
 *
 * <p>Threading: the state of a connection is confined to its event loop; one {@link
 * io.kad.transport.netty.upgrade.ConnectionUpgrade} serves all connections of a transport.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/README.md">libp2p connections</a>
 */
@NullMarked
package io.kad.transport.netty.upgrade;

import org.jspecify.annotations.NullMarked;
