/** Command that simulates networks. Confined to the thread of the command line. */
@NullMarked
package io.kad.node.sim;

import org.jspecify.annotations.NullMarked;
