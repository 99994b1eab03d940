/**
 * What a user holds of a running operation: the handle and the future of a query, and the futures of commands that are pending.
 * Thread-safe.
 */
@NullMarked
package io.kad.core.future;

import org.jspecify.annotations.NullMarked;
