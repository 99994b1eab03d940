/** Options of the command line that several commands share, and how their text is read. */
@NullMarked
package io.kad.node.option;

import org.jspecify.annotations.NullMarked;
