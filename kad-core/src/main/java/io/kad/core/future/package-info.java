/** Futures of running operations for users: query handles, query futures, and the futures of pending commands. Thread-safe. */
@NullMarked
package io.kad.core.future;

import org.jspecify.annotations.NullMarked;
