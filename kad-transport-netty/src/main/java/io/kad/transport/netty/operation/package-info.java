/** Asynchronous operations of the transport, from start to completion. Thread-safe. */
@NullMarked
package io.kad.transport.netty.operation;

import org.jspecify.annotations.NullMarked;
