/** The long-running peer: its events, and the commands it reads from standard input. */
@NullMarked
package io.kad.node.daemon;

import org.jspecify.annotations.NullMarked;
