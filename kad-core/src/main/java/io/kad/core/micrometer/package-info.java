/** Binding of metrics to Micrometer, which is an optional dependency. Thread-safe. */
@NullMarked
package io.kad.core.micrometer;

import org.jspecify.annotations.NullMarked;
