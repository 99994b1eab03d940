/**
 * Peer: the implementation of {@link io.kad.api.Kademlia}, its builder, and the assembly of its components. Thread-safe, except the
 * builder.
 */
@NullMarked
package io.kad.core.peer;

import org.jspecify.annotations.NullMarked;
