/** Measurements of kad. */
@NullMarked
package io.kad.bench;

import org.jspecify.annotations.NullMarked;
