/** Help for people: examples of each command, and completion in a shell. Confined to one thread. */
@NullMarked
package io.kad.node.help;

import org.jspecify.annotations.NullMarked;
