package io.kad.core.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * The moment at which a machine advances.
 *
 * @param nanos monotonic nanoseconds, of arbitrary origin; for deadlines
 * @param wall the wall-clock time; for expiry of records
 */
public record Now(long nanos, Instant wall) {
    public Now {
        requireNonNull(wall, "wall");
    }
}
