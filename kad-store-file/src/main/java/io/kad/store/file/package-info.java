/** Peer snapshots in a plain file. */
@NullMarked
package io.kad.store.file;

import org.jspecify.annotations.NullMarked;
