/** The peers that command lines describe, and how they join a network. */
@NullMarked
package io.kad.node.peer;

import org.jspecify.annotations.NullMarked;
