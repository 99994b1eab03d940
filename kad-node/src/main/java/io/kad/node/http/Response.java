package io.kad.node.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.kad.api.id.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Answer to a request.
 *
 * @param status status code, 200 to 599
 * @param headers headers, without those of the connection and of the length
 * @param body the body; the whole body, or empty if it is streamed
 */
public record Response(int status, Map<String, String> headers, Bytes body) {

    private static final String CONTENT_TYPE = "Content-Type";

    /** Copies the headers. */
    public Response {
        headers = Map.copyOf(headers);
    }

    /** Returns an answer without a body. */
    public static Response empty(int status) {
        return new Response(status, Map.of(), Bytes.EMPTY);
    }

    /** Returns an answer whose body is {@code text} in UTF-8. */
    public static Response text(int status, String mediaType, String text) {
        return new Response(status, Map.of(CONTENT_TYPE, mediaType), Bytes.utf8(text));
    }

    /** Returns an answer whose body is {@code json}, with a line end. */
    public static Response json(int status, JsonNode json) {
        return text(status, MediaType.JSON, json + "\n");
    }

    /** Returns the head of a streamed answer. */
    public static Response head(int status, String mediaType) {
        return empty(status).with(CONTENT_TYPE, mediaType);
    }

    /** Returns this answer with a header; an earlier value of it is replaced. */
    public Response with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Response(status, more, body);
    }
}
