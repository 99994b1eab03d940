/**
 * Checks of a peer and of the peers that it joins through: each passes, names its fault, or says why it cannot be made. Thread-safe; no check
 * blocks but that of the disk.
 */
@NullMarked
package io.kad.node.diagnose;

import org.jspecify.annotations.NullMarked;
