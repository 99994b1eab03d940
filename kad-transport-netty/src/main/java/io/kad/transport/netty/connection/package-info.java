/** Open connections and what bounds them. Thread-safe where it meets the transport. */
@NullMarked
package io.kad.transport.netty.connection;

import org.jspecify.annotations.NullMarked;
