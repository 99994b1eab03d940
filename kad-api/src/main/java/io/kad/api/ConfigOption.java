package io.kad.api;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One option of {@link KademliaConfig}: its name, default and range in one place.
 *
 * @param <T> the type of its values
 */
public final class ConfigOption<T> {

    private final String name;
    private final T defaultValue;
    private final String accepted;
    private final Function<String, T> parser;
    private final Predicate<T> valid;

    private ConfigOption(String name, T defaultValue, String accepted, Function<String, T> parser, Predicate<T> valid) {
        this.name = name;
        this.defaultValue = defaultValue;
        this.accepted = accepted;
        this.parser = parser;
        this.valid = valid;
    }

    static ConfigOption<Integer> integer(String name, int defaultValue, int min, int max) {
        return new ConfigOption<>(
                name,
                defaultValue,
                "a whole number from " + min + " to " + max,
                Integer::valueOf,
                value -> value >= min && value <= max);
    }

    static ConfigOption<Duration> duration(String name, Duration defaultValue, Duration min, Duration max) {
        return new ConfigOption<>(
                name,
                defaultValue,
                "a duration from " + format(min) + " to " + format(max),
                ConfigOption::parseDuration,
                value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
    }

    /** An option that may be switched off, written {@code off}. */
    static ConfigOption<Optional<Duration>> optionalDuration(
            String name, Duration defaultValue, Duration min, Duration max) {
        return new ConfigOption<>(
                name,
                Optional.of(defaultValue),
                "off, or a duration from " + format(min) + " to " + format(max),
                text -> text.equals("off") ? Optional.empty() : Optional.of(parseDuration(text)),
                value -> value.isEmpty()
                        || (value.get().compareTo(min) >= 0 && value.get().compareTo(max) <= 0));
    }

    static <E extends Enum<E>> ConfigOption<E> choice(String name, E defaultValue) {
        Class<E> type = defaultValue.getDeclaringClass();
        StringBuilder accepted = new StringBuilder("one of");
        for (E constant : type.getEnumConstants()) {
            accepted.append(' ').append(constant.name().toLowerCase(Locale.ROOT));
        }
        return new ConfigOption<>(
                name,
                defaultValue,
                accepted.toString(),
                text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)),
                value -> true);
    }

    static ConfigOption<Boolean> flag(String name, boolean defaultValue) {
        return new ConfigOption<>(
                name,
                defaultValue,
                "true or false",
                text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException(text);
                },
                value -> true);
    }

    static ConfigOption<String> text(String name, String defaultValue, String accepted, Predicate<String> valid) {
        return new ConfigOption<>(name, defaultValue, accepted, Function.identity(), valid);
    }

    /** Returns the name of this option, as in a configuration file. */
    public String name() {
        return name;
    }

    /** Returns the value it has when it is not set. */
    public T defaultValue() {
        return defaultValue;
    }

    /** Returns what values it takes, for people. */
    public String accepted() {
        return accepted;
    }

    /** Returns why {@code value} is outside the range, or empty when it is inside. */
    Optional<String> problem(T value) {
        return valid.test(value) ? Optional.empty() : Optional.of(name + ": " + text(value) + " is not " + accepted);
    }

    /**
     * Returns the value that {@code text} stands for.
     *
     * @throws IllegalArgumentException with one clear line, if it stands for none
     */
    T parse(String text) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException unreadable) {
            throw new IllegalArgumentException(name + ": '" + text + "' is not " + accepted, unreadable);
        }
    }

    private static String text(Object value) {
        if (value instanceof Duration duration) {
            return format(duration);
        }
        return value instanceof Optional<?> optional
                ? optional.map(ConfigOption::text).orElse("off")
                : value.toString();
    }

    /**
     * Returns the duration that {@code text} stands for: a number with {@code ms}, {@code s}, {@code m}, {@code h} or
     * {@code d}, such as {@code 36h}, or ISO-8601, such as {@code PT36H}.
     *
     * @throws IllegalArgumentException if it stands for none
     */
    public static Duration parseDuration(String text) {
        if (text.startsWith("P")) {
            return Duration.parse(text);
        }
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0) {
            throw new IllegalArgumentException("'" + text + "' is not a duration such as 30s, 500ms or 36h");
        }
        long amount = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> throw new IllegalArgumentException("'" + text + "' is not a duration such as 30s, 500ms or 36h");
        };
    }

    private static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3600 != 0 ? seconds / 60 + "m" : seconds / 3600 + "h";
    }

    @Override
    public String toString() {
        return name;
    }
}
