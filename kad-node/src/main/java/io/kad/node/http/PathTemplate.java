package io.kad.node.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Path of a route, whose segments are literal or parameters: {@code /api/v1/peers/{peer}}. A parameter takes one segment, not empty, after
 * percent-decoding. Immutable.
 */
public final class PathTemplate {

    private final String text;
    private final List<Segment> segments = new ArrayList<>();

    /** Segment: a literal, or the name of a parameter. */
    private record Segment(String text, boolean isParameter) {

        static Segment of(String text) {
            return text.startsWith("{") && text.endsWith("}")
                    ? new Segment(text.substring(1, text.length() - 1), true)
                    : new Segment(text, false);
        }

        boolean takes(String segment) {
            return isParameter ? !segment.isEmpty() : segment.equals(text);
        }
    }

    /** Creates the template that {@code text} is. */
    public PathTemplate(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("template must begin with a slash: " + text);
        }
        this.text = text;
        segments(text).forEach(segment -> segments.add(Segment.of(segment)));
    }

    /** Returns the segments of a path; the decoded path could not be split, as a segment may contain an encoded slash. */
    static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /** Returns the template as text. */
    public String text() {
        return text;
    }

    /** Returns the names of the parameters, in order. */
    public List<String> parameters() {
        return segments.stream().filter(Segment::isParameter).map(Segment::text).toList();
    }

    /** Returns the values of the parameters, in order, in a path of these decoded segments; empty if the path is another one. */
    Optional<Map<String, String>> match(List<String> path) {
        if (segments.size() != path.size()) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < path.size(); i++) {
            Segment segment = segments.get(i);
            if (!segment.takes(path.get(i))) {
                return Optional.empty();
            } else if (segment.isParameter()) {
                values.put(segment.text(), path.get(i));
            }
        }
        return Optional.of(values);
    }

    @Override
    public String toString() {
        return text;
    }
}
