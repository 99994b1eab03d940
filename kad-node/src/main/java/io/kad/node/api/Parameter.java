package io.kad.node.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.id.Quoting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Parameter of an operation.
 *
 * @param name its name
 * @param in {@code path}, {@code query} or {@code header}
 * @param required whether a request without it is refused
 * @param description one sentence
 * @param schema keywords of its JSON schema
 */
record Parameter(String name, String in, boolean required, String description, Map<String, Object> schema) {

    private static final Map<String, Object> TEXT = Map.of("type", "string", "minLength", 1);

    /** Copies the schema. */
    Parameter {
        schema = Map.copyOf(schema);
    }

    /** Returns a parameter of the path, a text. */
    static Parameter path(String name, String description) {
        return new Parameter(name, "path", true, description, TEXT);
    }

    /** Returns a parameter of the path, a number in a range. */
    static Parameter path(String name, String description, long min, long max) {
        return new Parameter(name, "path", true, description, range(min, max));
    }

    /** Returns an optional parameter of the query, a text. */
    static Parameter text(String name, String description) {
        return new Parameter(name, "query", false, description, TEXT);
    }

    /** Returns an optional parameter of the query, a number in a range. */
    static Parameter number(String name, String description, long min, long max) {
        return new Parameter(name, "query", false, description, range(min, max));
    }

    /** Returns an optional header, a number in a range. */
    static Parameter header(String name, String description, long min, long max) {
        return new Parameter(name, "header", false, description, range(min, max));
    }

    private static Map<String, Object> range(long min, long max) {
        return Map.of("type", "integer", "minimum", min, "maximum", max);
    }

    /** Returns this parameter as one that each request has. */
    Parameter asRequired() {
        return new Parameter(name, in, true, description, schema);
    }

    /** Returns this parameter with an example of its value. */
    Parameter like(String example) {
        Map<String, Object> more = new HashMap<>(schema);
        more.put("example", example);
        return new Parameter(name, in, required, description, more);
    }

    /** Returns this parameter with these values only. */
    Parameter oneOf(List<String> values) {
        return new Parameter(name, in, required, description, Map.of("type", "string", "enum", values));
    }

    /** Returns why {@code value} is refused; empty if it is not, as far as the schema lists its values. */
    Optional<String> refusal(String value) {
        if (value.isEmpty()) {
            return Optional.of("invalid " + name + ": it must not be empty");
        }
        return schema.get("enum") instanceof List<?> values && !values.contains(value)
                ? Optional.of("invalid " + name + ": expected one of " + values + ", got " + Quoting.text(value))
                : Optional.empty();
    }

    boolean isInQuery() {
        return in.equals("query");
    }

    boolean isInPath() {
        return in.equals("path");
    }

    /** Returns the parameter object of OpenAPI. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", name).put("in", in).put("required", required).put("description", description);
        schema.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(keyword -> json.withObject("/schema").putPOJO(keyword.getKey(), keyword.getValue()));
        return json;
    }
}
