/**
 * The driver of the engine: a serial mailbox on a shared executor, one deadline timer, the execution of the engine's actions, and
 * the service of inbound requests. Thread-safe.
 */
@NullMarked
package io.kad.core.runtime;

import org.jspecify.annotations.NullMarked;
