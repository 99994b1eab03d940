/**
 * Commands that a peer carries out, one class each; the same for one-shot commands and for lines of standard input. A task that waits for
 * the network holds no thread meanwhile.
 */
@NullMarked
package io.kad.node.task;

import org.jspecify.annotations.NullMarked;
