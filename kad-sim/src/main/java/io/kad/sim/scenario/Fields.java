package io.kad.sim.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.kad.api.ConfigOption;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fields of one object in a scenario file, each of which must be known. */
final class Fields {

    private final String where;
    private final JsonNode node;
    private final Set<String> read = new TreeSet<>();

    Fields(String where, JsonNode node) {
        this.where = where;
        this.node = node;
        if (!node.isObject() && !node.isMissingNode()) {
            throw new ScenarioException(where + ": fields by name are accepted, not '" + node + "'");
        }
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
                "a whole number from " + min + " to " + max);
    }

    long number(String name, long otherwise) {
        return read(name, otherwise, Long::parseLong, "a whole number");
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
        return read(name, otherwise, Fields::durationOf, "a duration such as 500ms or 24h");
    }

    static Duration durationOf(String text) {
        try {
            return ConfigOption.parseDuration(text);
        } catch (DateTimeParseException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    <E extends Enum<E>> E choice(String name, E otherwise, E[] values) {
        Map<String, E> byName = new LinkedHashMap<>();
        for (E value : values) {
            byName.put(value.name().toLowerCase(Locale.ROOT).replace('_', '-'), value);
        }
        return read(name, otherwise, byName::get, "one of " + String.join(", ", byName.keySet()));
    }

    /** Returns what {@code parser} makes of a field; it returns null or throws where the text is not accepted. */
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
            throw new ScenarioException(problem(name, accepted, value), refused);
        }
        throw new ScenarioException(problem(name, accepted, value));
    }

    private String problem(String name, String accepted, JsonNode value) {
        return where + ": " + name + " is " + accepted + ", not '" + (value.isValueNode() ? value.asText() : value)
                + "'";
    }

    Fields object(String name) {
        return new Fields(where + ", " + name, get(name));
    }

    /** Returns all fields as texts, in their order. */
    Map<String, String> texts(String name) {
        JsonNode value = get(name);
        new Fields(where + ", " + name, value);
        Map<String, String> texts = new LinkedHashMap<>();
        value.properties()
                .forEach(each -> texts.put(each.getKey(), each.getValue().asText()));
        return texts;
    }

    /** Refuses a field that was not read. */
    void finish() {
        Stream<String> names = node.properties().stream().map(Map.Entry::getKey);
        String unknown = names.filter(name -> !read.contains(name)).collect(Collectors.joining(", "));
        if (!unknown.isEmpty()) {
            throw new ScenarioException(
                    where + ": there is no field " + unknown + "; there are " + String.join(", ", read));
        }
    }
}
