package io.kad.node.http;

import io.kad.api.id.Bytes;
import io.kad.api.text.UnknownName;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Request, complete and decoded.
 *
 * @param method the method
 * @param parameters values of the parameters of the path, in order
 * @param query values of the parameters of the query
 * @param headers values of the headers by their names in lower case; those of one that was sent several times with commas between them
 * @param body the body; empty if there is none
 * @param mediaType type of the answer, the one among those of the route that the client prefers
 */
public record Request(
        String method,
        Map<String, String> parameters,
        Map<String, List<String>> query,
        Map<String, String> headers,
        Bytes body,
        String mediaType) {

    /** Copies the maps. */
    public Request {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    /** Returns the body as a stream, without a copy. */
    public InputStream bodyStream() {
        return new ByteBufInputStream(Unpooled.wrappedBuffer(body.asReadOnlyBuffer()));
    }

    /** Returns the value of a parameter of the path, which the route has. */
    public String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no parameter " + name);
        }
        return value;
    }

    /** Returns the value of a parameter of the query; one that was sent twice is refused. */
    public Optional<String> queryValue(String name) throws HttpException {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new HttpException(HttpError.BAD_REQUEST, name + " must be given only once");
        }
        return values.stream().findFirst();
    }

    /** Returns the value of a header; empty if the request does not have it. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Refuses parameters of the query that are not {@code known}: a mistyped one must not be ignored. */
    public void checkQuery(Set<String> known) throws HttpException {
        for (String name : query.keySet()) {
            if (!known.contains(name)) {
                throw new HttpException(
                        HttpError.BAD_REQUEST,
                        known.isEmpty()
                                ? "unknown parameter '" + name + "': this path has none"
                                : UnknownName.message("parameter", name, known));
            }
        }
    }
}
