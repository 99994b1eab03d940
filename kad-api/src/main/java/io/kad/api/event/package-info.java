/**
 * What a peer reports while it works: progress of queries and changes of its own state. All types are immutable values.
 */
@NullMarked
package io.kad.api.event;

import org.jspecify.annotations.NullMarked;
