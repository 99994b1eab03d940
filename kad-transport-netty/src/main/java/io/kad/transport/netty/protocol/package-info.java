/**
 * Protocols that the local peer serves on inbound streams: one class for each, and one list of them.
 *
 * <p>Threading: the list is thread-safe; handlers are confined to the event loop of their connection.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/README.md#protocol-negotiation">libp2p protocol negotiation</a>
 */
@NullMarked
package io.kad.transport.netty.protocol;

import org.jspecify.annotations.NullMarked;
