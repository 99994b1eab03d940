/** The tests that every record store, provider store and transport must pass. */
@NullMarked
package io.kad.tck;

import org.jspecify.annotations.NullMarked;
