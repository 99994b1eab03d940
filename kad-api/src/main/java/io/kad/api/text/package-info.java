/** Parts of messages that every module words alike: mistyped names and durations. Stateless. */
@NullMarked
package io.kad.api.text;

import org.jspecify.annotations.NullMarked;
