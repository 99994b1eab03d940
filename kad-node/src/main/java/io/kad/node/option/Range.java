package io.kad.node.option;

/**
 * Range of an integer on the command line.
 *
 * @param min smallest allowed value
 * @param max largest allowed value
 * @param text the range in a message, such as {@code between 3 and 1000}
 */
public record Range(int min, int max, String text) {

    /** Returns the range from {@code min} to {@code max}, both inclusive. */
    public static Range between(int min, int max) {
        return new Range(min, max, "between " + min + " and " + max);
    }

    /** Returns the range of {@code min} and more. */
    public static Range atLeast(int min) {
        return new Range(min, Integer.MAX_VALUE, min + " or more");
    }

    /** Parses the {@code value} of {@code option}: any integer of 64 bits. */
    public static long number(String option, String value) {
        return number(option, value, "an integer of at most 64 bits");
    }

    private static long number(String option, String value, String expected) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw UsageException.invalid(option, value, expected);
        }
    }

    /** Parses the {@code value} of {@code option}: an integer in this range. */
    public int parse(String option, String value) {
        long number = number(option, value, "an integer " + (text.startsWith("between") ? text : "of " + text));
        if (number < min || number > max) {
            throw UsageException.outOfRange(option, text, value);
        }
        return (int) number;
    }
}
