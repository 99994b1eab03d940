/**
 * What drives the state machines: a serial mailbox on an executor, timers, futures and publishers. Thread-safe where it meets
 * users and transports.
 */
@NullMarked
package io.kad.core.runtime;

import org.jspecify.annotations.NullMarked;
