package io.kad.node.http;

import io.kad.api.id.Bytes;
import io.kad.api.id.Quoting;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Target of a request (RFC 9112 section 3.2), decoded; text that is not UTF-8 is refused.
 *
 * @param path the path as it was sent, without its query
 * @param segments the segments of the path
 * @param query parameters of the query, in order, with all values of each
 * @param authority host and port of a target in absolute form, which replaces the header {@code Host}
 */
record RequestTarget(String path, List<String> segments, Map<String, List<String>> query, Optional<String> authority) {

    private static final String SCHEME = "http://";
    private static final int MAX_PARAMETERS = 64;

    /** Parses a target; {@code *} has no segments. */
    static RequestTarget parse(String target) throws HttpException {
        if (target.equals("*")) {
            return new RequestTarget(target, List.of(), Map.of(), Optional.empty());
        }
        Optional<String> authority = Optional.empty();
        String rest = target;
        if (target.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            int end = indexOfAny(target, SCHEME.length());
            authority = Optional.of(target.substring(SCHEME.length(), end));
            rest = target.startsWith("/", end) ? target.substring(end) : "/" + target.substring(end);
        }
        if (!rest.startsWith("/")) {
            throw invalid("request target", target, "a path that begins with a slash");
        }
        int mark = rest.indexOf('?');
        String path = mark < 0 ? rest : rest.substring(0, mark);
        List<String> segments = new ArrayList<>();
        for (String segment : PathTemplate.segments(path)) {
            segments.add(decode(segment.replace("+", "%2B")));
        }
        return new RequestTarget(
                path, List.copyOf(segments), mark < 0 ? Map.of() : query(rest.substring(mark + 1)), authority);
    }

    private static int indexOfAny(String target, int from) {
        int end = from;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static Map<String, List<String>> query(String text) throws HttpException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        String[] pairs = text.split("&", MAX_PARAMETERS + 1);
        if (pairs.length > MAX_PARAMETERS) {
            throw new HttpException(
                    HttpError.BAD_REQUEST, "the query exceeds the limit of " + MAX_PARAMETERS + " parameters");
        }
        for (String pair : pairs) {
            if (!pair.isEmpty()) {
                int sign = pair.indexOf('=');
                String name = decode(sign < 0 ? pair : pair.substring(0, sign));
                values.computeIfAbsent(name, first -> new ArrayList<>())
                        .add(sign < 0 ? "" : decode(pair.substring(sign + 1)));
            }
        }
        return values;
    }

    private static String decode(String text) throws HttpException {
        try {
            String bytes = QueryStringDecoder.decodeComponent(text, StandardCharsets.ISO_8859_1);
            return Bytes.of(bytes.getBytes(StandardCharsets.ISO_8859_1))
                    .utf8()
                    .orElseThrow(() -> invalid("text", text, "UTF-8 in percent-encoding"));
        } catch (IllegalArgumentException e) {
            throw invalid("text", text, "two hex digits after each percent sign");
        }
    }

    private static HttpException invalid(String what, String text, String expected) {
        return new HttpException(
                HttpError.BAD_REQUEST, "invalid " + what + " " + Quoting.text(text) + ": expected " + expected);
    }
}
