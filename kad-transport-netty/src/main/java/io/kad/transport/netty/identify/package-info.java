/**
 * Identify and identify push: descriptions that connected peers exchange. Specified by libp2p identify 1.0.0.
 *
 * <p>Threading: the service is thread-safe; handlers are confined to the event loop of their connection.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/identify/README.md">identify 1.0.0</a>
 */
@NullMarked
package io.kad.transport.netty.identify;

import org.jspecify.annotations.NullMarked;
