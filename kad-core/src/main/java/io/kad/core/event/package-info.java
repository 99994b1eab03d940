/** Delivery of events to subscribers, with bounded buffers, on the executor of the user's callbacks. Thread-safe. */
@NullMarked
package io.kad.core.event;

import org.jspecify.annotations.NullMarked;
