package io.kad.core.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Time of one advance of a state machine.
 *
 * @param nanos monotonic nanoseconds with an arbitrary origin; for deadlines
 * @param wall wall-clock time; for the expiry of records
 */
public record Now(long nanos, Instant wall) {
    public Now {
        requireNonNull(wall, "wall");
    }
}
