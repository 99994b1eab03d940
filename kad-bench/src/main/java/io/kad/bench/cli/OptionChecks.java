package io.kad.bench.cli;

import java.time.Duration;

/** Checks of the values of options. */
public final class OptionChecks {

    private static final Duration MAX_DURATION = Duration.ofDays(1);

    private OptionChecks() {}

    /**
     * Checks a value.
     *
     * @param accepted the values that are valid, as a message says them
     * @throws CommandException if the value is not valid
     */
    public static void require(boolean valid, String option, String accepted, Object value) {
        if (!valid) {
            throw new CommandException("invalid " + option + " " + value + ": expected " + accepted);
        }
    }

    /**
     * Checks a duration, which is at most a day, far below what a count of nanoseconds holds.
     *
     * @throws CommandException if it is shorter than {@code least}, or longer than a day
     */
    public static void requireDuration(String option, Duration value, Duration least) {
        require(
                value.compareTo(least) >= 0 && value.compareTo(MAX_DURATION) <= 0,
                option,
                DurationConverter.text(least) + " to " + DurationConverter.text(MAX_DURATION),
                DurationConverter.text(value));
    }
}
