package io.kad.architecture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The words that names and messages must not use, each with the word of the glossary to use instead.
 *
 * <p>The text form has one group of words per line, {@code word, phrase of words | instead | names}: the third column is {@code names},
 * {@code messages} or {@code names, messages}. An indented line below a group is an exception: {@code Type}, {@code Type#member} or {@code
 * File.java}, a colon, and the reason. Lines that begin with {@code #} are comments.
 */
final class RetiredWords {

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]+(?:'[a-z]+)?");
    private static final Pattern CAMEL_CASE_WORD = Pattern.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+");

    private final List<Group> groups;

    /** The kinds of text that are checked. */
    enum Scope {
        NAMES,
        MESSAGES
    }

    /** A place where a retired word is right; {@code used} notes that it was needed. */
    private static final class Exemption {
        private final String place;
        private boolean used;

        Exemption(String place) {
            this.place = place;
        }
    }

    private record Group(Set<List<String>> phrases, String instead, Set<Scope> scopes, List<Exemption> exemptions) {

        /** Returns whether the use at {@code places} is an exception. */
        boolean exempts(Collection<String> places) {
            boolean exempt = false;
            for (Exemption exemption : exemptions) {
                if (places.contains(exemption.place)) {
                    exemption.used = true;
                    exempt = true;
                }
            }
            return exempt;
        }
    }

    private RetiredWords(List<Group> groups) {
        this.groups = groups;
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if a line is malformed or an exception has no reason
     */
    static RetiredWords parse(String text) {
        List<Group> groups = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith(" ")) {
                if (groups.isEmpty()) {
                    throw new IllegalArgumentException("exception without a group of words: " + line);
                }
                groups.get(groups.size() - 1).exemptions().add(exemption(line));
            } else {
                groups.add(group(line));
            }
        }
        return new RetiredWords(groups);
    }

    private static Exemption exemption(String line) {
        int colon = line.indexOf(": ");
        if (colon < 0 || line.substring(colon + 2).isBlank()) {
            throw new IllegalArgumentException("exception without a reason: " + line);
        }
        return new Exemption(line.substring(0, colon).strip());
    }

    private static Group group(String line) {
        List<String> columns = columns(line, "\\|");
        if (columns.size() != 3 || columns.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("expected words | instead | scopes: " + line);
        }
        Set<List<String>> phrases = new HashSet<>();
        columns(columns.get(0), ",").forEach(phrase -> phrases.add(messageWords(phrase)));
        Set<Scope> scopes = new HashSet<>();
        columns(columns.get(2), ",").forEach(scope -> scopes.add(Scope.valueOf(scope.toUpperCase(Locale.ROOT))));
        return new Group(phrases, columns.get(1), scopes, new ArrayList<>());
    }

    private static List<String> columns(String text, String separator) {
        return Stream.of(text.split(separator)).map(String::strip).toList();
    }

    /** Returns the words of a message, in lower case. */
    static List<String> messageWords(String message) {
        return words(WORD, message);
    }

    /** Returns the words of a camel-case name or a constant, in lower case. */
    static List<String> nameWords(String name) {
        return words(CAMEL_CASE_WORD, name);
    }

    private static List<String> words(Pattern word, String text) {
        return word.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(each -> each.toLowerCase(Locale.ROOT))
                .toList();
    }

    /**
     * Returns a description of each retired word or phrase in {@code words}.
     *
     * @param places the file, the types and the type members that the words are in, as exceptions name them
     */
    List<String> find(Scope scope, List<String> words, Collection<String> places) {
        List<String> found = new ArrayList<>();
        for (Group group : groups) {
            if (!group.scopes().contains(scope)) {
                continue;
            }
            for (List<String> phrase : group.phrases()) {
                if (contains(words, phrase) && !group.exempts(places)) {
                    found.add("'%s': use %s".formatted(String.join(" ", phrase), group.instead()));
                }
            }
        }
        return found;
    }

    private static boolean contains(List<String> words, List<String> phrase) {
        for (int start = 0; start + phrase.size() <= words.size(); start++) {
            if (words.subList(start, start + phrase.size()).equals(phrase)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the exceptions that no call of {@link #find} has needed. */
    List<String> unusedExceptions() {
        List<String> unused = new ArrayList<>();
        for (Group group : groups) {
            for (Exemption exemption : group.exemptions()) {
                if (!exemption.used) {
                    unused.add("unused exception %s for '%s'"
                            .formatted(
                                    exemption.place,
                                    String.join(" ", group.phrases().iterator().next())));
                }
            }
        }
        return unused;
    }
}
