package io.kad.node.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Parameter of an operation.
 *
 * @param name its name
 * @param in {@code path} or {@code query}
 * @param description one sentence
 * @param schema keywords of its JSON schema
 */
record Parameter(String name, String in, String description, Map<String, Object> schema) {

    private static final Map<String, Object> TEXT = Map.of("type", "string", "minLength", 1);

    /** Copies the schema. */
    Parameter {
        schema = Map.copyOf(schema);
    }

    /** Returns a parameter of the path, a text. */
    static Parameter path(String name, String description) {
        return new Parameter(name, "path", description, TEXT);
    }

    /** Returns an optional parameter of the query, a text. */
    static Parameter text(String name, String description) {
        return new Parameter(name, "query", description, TEXT);
    }

    /** Returns an optional parameter of the query, a number in a range. */
    static Parameter number(String name, String description, long min, long max) {
        return new Parameter(name, "query", description, Map.of("type", "integer", "minimum", min, "maximum", max));
    }

    boolean isInQuery() {
        return in.equals("query");
    }

    /** Returns the parameter object of OpenAPI. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", name).put("in", in).put("required", !isInQuery()).put("description", description);
        schema.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(keyword -> json.withObject("/schema").putPOJO(keyword.getKey(), keyword.getValue()));
        return json;
    }
}
