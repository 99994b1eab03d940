package io.kad.api;

import io.kad.api.id.Quoting;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Option of {@link KademliaConfig}: name, default, range and text form of its values. Immutable.
 *
 * @param <T> type of its values
 */
public final class ConfigOption<T> {

    private final String name;
    private final T defaultValue;
    private final String allowedValues;
    private final Function<String, T> parser;
    private final Predicate<T> valid;

    private ConfigOption(
            String name, T defaultValue, String allowedValues, Function<String, T> parser, Predicate<T> valid) {
        this.name = name;
        this.defaultValue = defaultValue;
        this.allowedValues = allowedValues;
        this.parser = parser;
        this.valid = valid;
    }

    static ConfigOption<Integer> integer(String name, int defaultValue, int min, int max) {
        return new ConfigOption<>(
                name,
                defaultValue,
                "an integer from " + min + " to " + max,
                Integer::valueOf,
                value -> value >= min && value <= max);
    }

    static ConfigOption<Long> longInteger(String name, long defaultValue, long min, long max) {
        return new ConfigOption<>(
                name,
                defaultValue,
                "an integer from " + min + " to " + max,
                Long::valueOf,
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

    /** Returns an option that can be disabled, by an empty value or the text {@code off}. */
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
        return new ConfigOption<>(
                name, defaultValue, "one of " + names(type), text -> constant(type, text), value -> true);
    }

    /** Returns an option whose values are constants of an enum in an order, separated by commas; one at least, each once at most. */
    static <E extends Enum<E>> ConfigOption<List<E>> order(String name, List<E> defaultValue) {
        Class<E> type = defaultValue.get(0).getDeclaringClass();
        return new ConfigOption<>(
                name,
                List.copyOf(defaultValue),
                "one or more of " + names(type) + ", in order of preference and separated by commas",
                text -> Stream.of(text.split(",", -1))
                        .map(part -> constant(type, part.strip()))
                        .toList(),
                value -> !value.isEmpty() && Set.copyOf(value).size() == value.size());
    }

    private static <E extends Enum<E>> String names(Class<E> type) {
        return Stream.of(type.getEnumConstants()).map(ConfigOption::text).collect(Collectors.joining(", "));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name) {
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
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

    static ConfigOption<String> text(String name, String defaultValue, String allowedValues, Predicate<String> valid) {
        return new ConfigOption<>(name, defaultValue, allowedValues, Function.identity(), valid);
    }

    /** Returns the name of this option, as in a configuration file, such as {@code query-timeout}. */
    public String name() {
        return name;
    }

    /** Returns the value of this option when it is not set. */
    public T defaultValue() {
        return defaultValue;
    }

    /** Returns a description of the allowed values, for people, such as {@code an integer from 1 to 256}. */
    public String allowedValues() {
        return allowedValues;
    }

    /** Returns the message that refuses {@code value}; empty if the value is allowed. */
    Optional<String> problem(T value) {
        return valid.test(value) ? Optional.empty() : Optional.of(invalid(text(value)));
    }

    /**
     * Parses the text form of a value, which need not be in the range.
     *
     * @throws IllegalArgumentException that names this option, if {@code text} is not such a form
     */
    T parse(String text) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException e) {
            throw new IllegalArgumentException(invalid(text), e);
        }
    }

    /** Returns the text form of a value, as a configuration file has it, such as {@code 36h}. */
    public String textOf(T value) {
        return text(value);
    }

    private String invalid(String value) {
        return name + ": expected " + allowedValues + ", got " + Quoting.text(value);
    }

    private static String text(Object value) {
        if (value instanceof Duration duration) {
            return format(duration);
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ConfigOption::text).collect(Collectors.joining(","));
        }
        return value instanceof Optional<?> optional
                ? optional.map(ConfigOption::text).orElse("off")
                : value.toString();
    }

    /**
     * Parses a duration: an integer with {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}, such as {@code 36h}, or ISO-8601, such
     * as {@code PT36H}.
     *
     * @throws IllegalArgumentException if {@code text} has another form
     * @throws DateTimeParseException if {@code text} begins with {@code P} and is not a duration of ISO-8601
     * @throws ArithmeticException if the duration is too long for a {@link Duration}
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
            throw invalidDuration(text);
        }
        long amount = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> throw invalidDuration(text);
        };
    }

    private static IllegalArgumentException invalidDuration(String text) {
        return new IllegalArgumentException(
                "invalid duration " + Quoting.text(text) + ": expected a duration such as 30s, 500ms or 36h");
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
