package io.kad.node.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.output.OutputLine;
import java.util.Map;

/** Refusal of a request; its answer is a JSON object of the form of every refusal of the program. */
public final class HttpException extends Exception {

    private static final long serialVersionUID = 1L;

    private final HttpError error;
    private final transient ObjectNode line;
    private final transient Map<String, String> headers;

    /**
     * Creates a refusal.
     *
     * @param message the reason, what is allowed, and what to do
     */
    public HttpException(HttpError error, String message) {
        this(error, message, Map.of());
    }

    /** Creates a refusal with further headers. */
    public HttpException(HttpError error, String message, Map<String, String> headers) {
        this(error, OutputLine.error(error.code(), message), headers);
    }

    /** Creates a refusal whose body is the last line of a failed command. */
    public HttpException(HttpError error, ObjectNode line) {
        this(error, line, Map.of());
    }

    private HttpException(HttpError error, ObjectNode line, Map<String, String> headers) {
        super(line.path("message").asText());
        this.error = error;
        this.line = line;
        this.headers = Map.copyOf(headers);
    }

    /** Returns the answer. */
    public Response response() {
        Response response = Response.json(error.status(), line);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            response = response.with(header.getKey(), header.getValue());
        }
        return response;
    }
}
