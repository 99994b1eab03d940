/**
 * Driver of the engine: a mailbox on a shared executor, one deadline timer, the execution of actions, and the service of inbound requests.
 * It reads the clocks and does the I/O that the sans-IO engine can't do. Thread-safe.
 */
@NullMarked
package io.kad.core.runtime;

import org.jspecify.annotations.NullMarked;
