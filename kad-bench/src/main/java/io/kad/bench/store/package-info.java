/** Measurements of the stores, beside the database that they stand on. */
@NullMarked
package io.kad.bench.store;

import org.jspecify.annotations.NullMarked;
