package io.kad.node.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Media types, and the choice among them by the header {@code Accept} (RFC 9110 section 12.5.1). */
public final class MediaType {

    public static final String JSON = "application/json";
    public static final String NDJSON = "application/x-ndjson";
    public static final String EVENT_STREAM = "text/event-stream";

    private static final int MAX_RANGES = 32;

    private MediaType() {}

    /**
     * Range of an {@code Accept} header.
     *
     * @param type a type, {@code text/*}, or all
     * @param quality preference, 0 (never) to 1
     */
    private record Accepted(String type, double quality) {

        static Accepted parse(String text) {
            String[] parts = text.split(";", -1);
            double quality = 1;
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
                if (parameter.startsWith("q=")) {
                    quality = quality(parameter.substring(2));
                }
            }
            return new Accepted(essence(text), quality);
        }

        private static double quality(String text) {
            try {
                double quality = Double.parseDouble(text);
                return quality >= 0 && quality <= 1 ? quality : 0;
            } catch (NumberFormatException e) {
                return 0;
            }
        }

        /** Returns how exactly this names {@code candidate}: 3 for itself, 2 for its kind, 1 for all, 0 if it does not. */
        int precision(String candidate) {
            if (type.equals(candidate)) {
                return 3;
            } else if (type.endsWith("/*") && candidate.startsWith(type.substring(0, type.length() - 1))) {
                return 2;
            }
            return type.equals("*/*") ? 1 : 0;
        }
    }

    /**
     * Candidate that the client accepts.
     *
     * @param order position of the range that names it
     */
    private record Choice(String type, double quality, int precision, int order) {

        /** Returns whether this is preferred to {@code other}: by quality, then exactness, then the order of the client. */
        boolean isBetterThan(Choice other) {
            if (quality != other.quality) {
                return quality > other.quality;
            }
            return precision == other.precision ? precision == 3 && order < other.order : precision > other.precision;
        }
    }

    /** Returns the type of {@code text} without its parameters, in lower case. */
    public static String essence(String text) {
        int end = text.indexOf(';');
        return (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the type of {@code offered} that the client prefers; the first one if it has no preference, and empty if it accepts none.
     *
     * @param accept value of the header; empty if the request does not have it
     */
    static Optional<String> choose(String accept, List<String> offered) {
        if (accept.isBlank() || offered.isEmpty()) {
            return offered.stream().findFirst();
        }
        List<Accepted> ranges = new ArrayList<>();
        for (String range : accept.split(",", MAX_RANGES)) {
            ranges.add(Accepted.parse(range));
        }
        Optional<Choice> best = Optional.empty();
        for (String type : offered) {
            Choice choice = choice(type, ranges);
            if (choice.quality() > 0 && (best.isEmpty() || choice.isBetterThan(best.get()))) {
                best = Optional.of(choice);
            }
        }
        return best.map(Choice::type);
    }

    /** Returns {@code type} as the range that names it most exactly ranks it. */
    private static Choice choice(String type, List<Accepted> ranges) {
        Choice found = new Choice(type, 0, 0, ranges.size());
        for (int order = 0; order < ranges.size(); order++) {
            int precision = ranges.get(order).precision(type);
            if (precision > found.precision()) {
                found = new Choice(type, ranges.get(order).quality(), precision, order);
            }
        }
        return found;
    }
}
