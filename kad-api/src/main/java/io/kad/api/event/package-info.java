/**
 * Events of queries and of a peer, and the registration of their listeners. All events are immutable values, delivered on the callback executor.
 */
@NullMarked
package io.kad.api.event;

import org.jspecify.annotations.NullMarked;
