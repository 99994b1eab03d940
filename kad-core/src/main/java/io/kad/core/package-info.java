/** The state machines of a Kademlia peer and what drives them. */
@NullMarked
package io.kad.core;

import org.jspecify.annotations.NullMarked;
