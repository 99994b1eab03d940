/** What is asked of the transport, from its beginning to its one end. Thread-safe. */
@NullMarked
package io.kad.transport.netty.operation;

import org.jspecify.annotations.NullMarked;
