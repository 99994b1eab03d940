/** The kad program: its command line and its one-shot commands. */
@NullMarked
package io.kad.node;

import org.jspecify.annotations.NullMarked;
