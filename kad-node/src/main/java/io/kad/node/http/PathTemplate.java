package io.kad.node.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Path of a route, whose segments are literal or parameters: {@code /api/v1/peers/{peer}}. A parameter takes one segment, not empty, after
 * percent-decoding.
 *
 * @param text the template as text
 */
public record PathTemplate(String text) {

    /** Checks the template. */
    public PathTemplate {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("template must begin with a slash: " + text);
        }
    }

    /** Returns the segments of a path; the decoded path could not be split, as a segment may contain an encoded slash. */
    static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }

    /** Returns the names of the parameters, in order. */
    public List<String> parameters() {
        List<String> names = new ArrayList<>();
        for (String segment : segments(text)) {
            if (isParameter(segment)) {
                names.add(segment.substring(1, segment.length() - 1));
            }
        }
        return names;
    }

    /** Returns the values of the parameters in a path of these decoded segments; empty if the path is another one. */
    Optional<Map<String, String>> match(List<String> path) {
        List<String> template = segments(text);
        if (template.size() != path.size()) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < path.size(); i++) {
            String segment = template.get(i);
            if (isParameter(segment) && !path.get(i).isEmpty()) {
                values.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    @Override
    public String toString() {
        return text;
    }
}
