/** Shared options of the command line, the parser of their values, and the messages of refusals. Confined to one thread. */
@NullMarked
package io.kad.node.option;

import org.jspecify.annotations.NullMarked;
