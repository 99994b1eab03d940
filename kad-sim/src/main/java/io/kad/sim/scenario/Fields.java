package io.kad.sim.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.kad.api.ConfigOption;
import io.kad.api.id.Quoting;
import io.kad.api.text.UnknownName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fields of one mapping in a scenario file; an unknown field is an error. */
final class Fields {

    /** Longest duration, either way; sums and multiples of such ones fit in nanoseconds. */
    private static final Duration MAX_DURATION = Duration.ofDays(36_500);

    private static final Pattern DECIMAL_MILLIS = Pattern.compile("([0-9]{1,9}\\.[0-9]{1,6})ms");

    private final String where;
    private final JsonNode node;
    private final Set<String> read = new TreeSet<>();

    /**
     * Creates the fields of {@code node}.
     *
     * @param where the start of every message, such as {@code work: }; empty for the top level
     */
    Fields(String where, JsonNode node) {
        this.where = where;
        this.node = node;
        if (!node.isObject() && !node.isMissingNode()) {
            throw problem("must be a mapping of fields, got " + Quoting.text(text(node)));
        }
    }

    /** Returns the refusal of this mapping: where it stands in the file, and {@code problem}. */
    ScenarioException problem(String problem) {
        return new ScenarioException(where + problem);
    }

    private JsonNode get(String name) {
        read.add(name);
        return node.path(name);
    }

    String text(String name, String otherwise) {
        JsonNode value = get(name);
        return value.isMissingNode() || value.isNull() ? otherwise : value.asText();
    }

    int integer(String name, int otherwise, int min, int max) {
        return read(
                name,
                otherwise,
                text -> {
                    int value = Integer.parseInt(text.replace("_", ""));
                    return value < min || value > max ? null : value;
                },
                "an integer from " + min + " to " + max);
    }

    long number(String name, long otherwise) {
        return read(name, otherwise, Long::parseLong, "an integer");
    }

    double share(String name) {
        return decimal(name, 0, 0, 1);
    }

    double decimal(String name, double otherwise, double min, double max) {
        return read(
                name,
                otherwise,
                text -> {
                    double value = Double.parseDouble(text);
                    return value >= min && value <= max ? value : null;
                },
                "a number from " + min + " to " + max);
    }

    boolean flag(String name, boolean otherwise) {
        return read(name, otherwise, Map.of("true", true, "false", false)::get, "true or false");
    }

    Duration duration(String name, Duration otherwise) {
        return read(name, otherwise, Fields::durationOf, "a duration such as 500ms or 24h, at most 36500d");
    }

    Duration positiveDuration(String name, Duration otherwise) {
        return read(
                name,
                otherwise,
                text -> {
                    Duration duration = durationOf(text);
                    return duration.isZero() || duration.isNegative() ? null : duration;
                },
                "a duration greater than 0, such as 500ms or 24h, at most 36500d");
    }

    /** Reads a duration; throws {@link IllegalArgumentException} for a text that is none, and for one that is too long. */
    static Duration durationOf(String text) {
        Duration duration = parseDuration(text);
        if (duration.abs().compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException("duration exceeds the limit of " + MAX_DURATION.toDays() + " days");
        }
        return duration;
    }

    private static Duration parseDuration(String text) {
        Matcher decimal = DECIMAL_MILLIS.matcher(text);
        if (decimal.matches()) {
            return Duration.ofNanos(
                    new BigDecimal(decimal.group(1)).movePointRight(6).longValue());
        }
        try {
            return ConfigOption.parseDuration(text);
        } catch (DateTimeParseException | ArithmeticException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    <E extends Enum<E>> E choice(String name, E otherwise, E[] values) {
        Map<String, E> byName = new LinkedHashMap<>();
        for (E value : values) {
            byName.put(value.name().toLowerCase(Locale.ROOT).replace('_', '-'), value);
        }
        String typed = text(name, "");
        return read(
                name,
                otherwise,
                byName::get,
                "one of " + String.join(", ", byName.keySet()) + UnknownName.suggestion(typed, byName.keySet()));
    }

    /** Returns a field as {@code parser} reads it, which returns null or throws for a text that is not accepted. */
    <T> T read(
            String name,
            T otherwise,
            Function<String, ? extends @org.jspecify.annotations.Nullable T> parser,
            String accepted) {
        JsonNode value = get(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        try {
            T parsed = parser.apply(value.asText());
            if (value.isValueNode() && parsed != null) {
                return parsed;
            }
        } catch (IllegalArgumentException refused) {
            ScenarioException problem = invalid(name, value, accepted);
            problem.initCause(refused);
            throw problem;
        }
        throw invalid(name, value, accepted);
    }

    private ScenarioException invalid(String name, JsonNode value, String accepted) {
        return problem("invalid " + name + " " + Quoting.text(text(value)) + ": expected " + accepted);
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    /** Returns the fields of a mapping within this one. */
    Fields object(String name) {
        return new Fields(where + name + ": ", get(name));
    }

    /** Returns all fields as texts, in their order. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        node.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    /** Returns the value that {@code maker} makes of these fields; a value that it refuses is a problem of the file. */
    <T> T checked(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException refused) {
            ScenarioException problem = problem(String.valueOf(refused.getMessage()));
            problem.initCause(refused);
            throw problem;
        }
    }

    /**
     * Checks that every field was read.
     *
     * @throws ScenarioException if the mapping has a field that was not read
     */
    void finish() {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!read.contains(field.getKey())) {
                throw problem(UnknownName.message("field", field.getKey(), read));
            }
        }
    }
}
