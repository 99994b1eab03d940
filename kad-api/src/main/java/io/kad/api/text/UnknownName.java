package io.kad.api.text;

import io.kad.api.id.Quoting;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Message that refuses an unknown name: it suggests the most similar known name, or lists the known names if none is similar. */
public final class UnknownName {

    /** Shortest prefix of a known name for which that name is suggested, in characters. */
    private static final int MIN_PREFIX = 3;

    private UnknownName() {}

    /**
     * Returns the message that refuses {@code name}: {@code unknown command 'gett'; did you mean 'get'?}, or {@code
     * unknown command 'x'; known: get, put}.
     *
     * @param kind kind of the name, such as {@code command}
     */
    public static String message(String kind, String name, Collection<String> known) {
        return "unknown " + kind + " " + Quoting.text(name) + hint(name, known);
    }

    /**
     * Returns the message that refuses {@code name} as the value of an option: {@code unknown run 'x' for --run; known: a, b}.
     *
     * @param option the option, such as {@code --run}
     */
    public static String message(String kind, String name, String option, Collection<String> known) {
        return "unknown " + kind + " " + Quoting.text(name) + " for " + option + hint(name, known);
    }

    private static String hint(String name, Collection<String> known) {
        return mostSimilar(name, known)
                .map(UnknownName::question)
                .orElseGet(() -> "; known: " + String.join(", ", known));
    }

    /** Returns {@code ; did you mean 'server'?} for the known name most similar to {@code name}; empty text if none is similar. */
    public static String suggestion(String name, Collection<String> known) {
        return mostSimilar(name, known).map(UnknownName::question).orElse("");
    }

    private static String question(String suggested) {
        return "; did you mean '" + suggested + "'?";
    }

    private static Optional<String> mostSimilar(String name, Collection<String> known) {
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            boolean similar = distance <= (Math.max(name.length(), candidate.length()) + 1) / 3
                    || (name.length() >= MIN_PREFIX && candidate.startsWith(name));
            if (similar && distance < least) {
                best = candidate;
                least = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Returns the edit distance: the number of letters to insert, delete, replace or swap with the next one. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                cost[i][j] =
                        Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
