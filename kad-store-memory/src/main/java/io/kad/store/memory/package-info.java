/** Bounded record and provider stores held in memory. */
@NullMarked
package io.kad.store.memory;

import org.jspecify.annotations.NullMarked;
