package io.kad.node.option;

/**
 * Range of a whole number on the command line.
 *
 * @param min least value that is accepted
 * @param max largest value that is accepted
 * @param text the range in words, such as {@code between 3 and 1000}
 */
public record Range(int min, int max, String text) {

    /** Returns the range of both ends. */
    public static Range between(int min, int max) {
        return new Range(min, max, "between " + min + " and " + max);
    }

    /** Returns the range from {@code min} on. */
    public static Range atLeast(int min) {
        return new Range(min, Integer.MAX_VALUE, min + " or more");
    }

    /** Returns the number that {@code value} of {@code option} stands for; any of 64 bits is accepted. */
    public static long number(String option, String value) {
        return number(option, value, "an integer of at most 64 bits");
    }

    private static long number(String option, String value, String expected) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException malformed) {
            throw UsageException.invalid(option, value, expected);
        }
    }

    /** Returns the number in this range that {@code value} of {@code option} stands for. */
    public int parse(String option, String value) {
        long number = number(option, value, "an integer " + (text.startsWith("between") ? text : "of " + text));
        if (number < min || number > max) {
            throw UsageException.outOfRange(option, text, value);
        }
        return (int) number;
    }
}
