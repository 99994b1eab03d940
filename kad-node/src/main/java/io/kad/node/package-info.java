/** The kad program: command line and daemon. */
@NullMarked
package io.kad.node;

import org.jspecify.annotations.NullMarked;
