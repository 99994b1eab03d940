/** Results of finished queries: one type for each kind of query, all of them immutable values. */
@NullMarked
package io.kad.api.result;

import org.jspecify.annotations.NullMarked;
