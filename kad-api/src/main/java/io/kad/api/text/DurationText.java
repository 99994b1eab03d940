package io.kad.api.text;

import java.math.BigDecimal;
import java.time.Duration;

/** Text of a duration in a message: a number, a blank and a unit, such as {@code 500 ms}, {@code 1.5 s} or {@code 36 h}. */
public final class DurationText {

    private DurationText() {}

    /** Returns {@code duration} in the largest unit that gives a short number, to the millisecond. */
    public static String of(Duration duration) {
        long millis = duration.toMillis();
        long seconds = millis / 1000;
        if (seconds == 0 && millis != 0) {
            return millis + " ms";
        } else if (millis % 1000 != 0) {
            return BigDecimal.valueOf(millis, 3).stripTrailingZeros() + " s";
        } else if (Math.abs(seconds) >= 2 * 3600 && seconds % 3600 == 0) {
            return seconds / 3600 + " h";
        } else if (Math.abs(seconds) >= 2 * 60 && seconds % 60 == 0) {
            return seconds / 60 + " min";
        }
        return seconds + " s";
    }
}
