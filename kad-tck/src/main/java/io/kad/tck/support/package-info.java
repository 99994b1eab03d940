/** What the compatibility tests share: a clock, test data, recorded callbacks, concurrent calls, silent peers. */
@NullMarked
package io.kad.tck.support;

import org.jspecify.annotations.NullMarked;
