/** The answers of queries. All types are immutable values. */
@NullMarked
package io.kad.api.result;

import org.jspecify.annotations.NullMarked;
