package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.http.MediaType;
import io.kad.node.http.Route;
import java.util.List;
import java.util.Locale;

/** OpenAPI document of the operations, made of the same values as their routes. */
final class OpenApi {

    private static final String RESULT = "#/components/schemas/Result";
    private static final String FINDINGS = "#/components/schemas/Findings";
    private static final String REFUSAL = "#/components/schemas/Refusal";

    private static final String LINES =
            "Lines of JSON, each as it comes; the last one has ok. Lines that the client reads too slowly are left out, and a"
                    + " line with the event dropped before the last one has their number (lines). If lines of the result are among them, the last one is a refusal"
                    + " with the code overloaded.";

    private OpenApi() {}

    /** Returns the document (OpenAPI 3.0.3). */
    static ObjectNode document(List<Operation> operations) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("openapi", "3.0.3");
        document.putObject("info")
                .put("title", "kad node")
                .put("version", "1")
                .put("description", "State and commands of a running peer of a libp2p Kademlia DHT.");
        ObjectNode paths = document.putObject("paths");
        for (Operation operation : operations) {
            String path = operation.route().path().text();
            ObjectNode item = paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path);
            item.set(operation.route().method().toLowerCase(Locale.ROOT), operation(operation));
        }
        ObjectNode components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("token")
                .put("type", "http")
                .put("scheme", "bearer");
        ObjectNode schemas = components.putObject("schemas");
        lineSchema(schemas.putObject("Result"), List.of(true), "event", "ok");
        lineSchema(schemas.putObject("Findings"), List.of(true, false), "event", "ok"); // false if there are faults
        lineSchema(schemas.putObject("Refusal"), List.of(false), "event", "ok", "code", "message");
        return document;
    }

    /** Schema of a line; further fields depend on its event. */
    private static void lineSchema(ObjectNode schema, List<Boolean> ok, String... required) {
        schema.put("type", "object");
        ArrayNode names = schema.putArray("required");
        ObjectNode properties = schema.putObject("properties");
        for (String name : required) {
            names.add(name);
            properties.putObject(name).put("type", name.equals("ok") ? "boolean" : "string");
        }
        ok.forEach(properties.withObject("/ok").putArray("enum")::add);
    }

    /** Schema of each event of a stream: a line as JSON text, and its number if a client can go on after it. */
    private static void eventSchema(ObjectNode schema) {
        schema.put("type", "object");
        schema.putArray("required").add("data");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("id").put("type", "string");
        properties.putObject("data").put("type", "string");
    }

    private static ObjectNode operation(Operation operation) {
        Route route = operation.route();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("operationId", operation.id()).put("summary", operation.summary());
        ArrayNode parameters = json.putArray("parameters");
        operation.parameters().forEach(parameter -> parameters.add(parameter.json()));
        if (!route.body().mediaType().isEmpty()) {
            json.putObject("requestBody")
                    .put("required", false)
                    .put("description", "At most " + route.body().maxBytes() + " bytes; none is an empty value.")
                    .putObject("content")
                    .putObject(route.body().mediaType())
                    .putObject("schema")
                    .put("type", "string")
                    .put("format", "binary")
                    .put("maxLength", route.body().maxBytes());
        }
        if (route.changesState()) {
            json.putArray("security").addObject().putArray("token");
        }
        responses(json.putObject("responses"), operation);
        return json;
    }

    private static void responses(ObjectNode responses, Operation operation) {
        ObjectNode content = responses
                .putObject(String.valueOf(operation.success()))
                .put("description", "Success.")
                .putObject("content");
        for (String type : operation.route().produces()) {
            ObjectNode schema = content.putObject(type).putObject("schema");
            if (type.equals(MediaType.JSON)) {
                schema.put("$ref", CommandPath.mayFindFaults(operation.id()) ? FINDINGS : RESULT);
            } else if (type.equals(MediaType.EVENT_STREAM)) {
                eventSchema(schema);
            } else {
                schema.put("type", "string");
            }
            if (type.equals(MediaType.NDJSON)) {
                schema.put("description", LINES);
            }
        }
        operation
                .others()
                .forEach((status, meaning) ->
                        responses.putObject(String.valueOf(status)).put("description", meaning));
        responses
                .putObject("default")
                .put("description", "Refusal, with its code and reason.")
                .putObject("content")
                .putObject(MediaType.JSON)
                .putObject("schema")
                .put("$ref", REFUSAL);
    }
}
