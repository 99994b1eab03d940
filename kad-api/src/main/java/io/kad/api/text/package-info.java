/** Parts of messages that all modules share: unknown names and durations. Stateless. */
@NullMarked
package io.kad.api.text;

import org.jspecify.annotations.NullMarked;
