package io.kad.node.daemon;

import io.kad.node.option.UsageException;
import java.util.ArrayList;
import java.util.List;

/** Parser of a line into words as a shell does it: spaces, tabs and newlines separate words; quotes and backslashes keep them. */
final class ShellWords {

    private static final String BLANKS = " \t\n";

    /** Characters before which a backslash within double quotes has an effect: it is removed. */
    private static final String ESCAPED = "\"\\$`";

    private ShellWords() {}

    /** Returns the words of {@code line}; an unterminated quote is an error, and so is a backslash at the end. */
    static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '\'' || c == '"') {
                int end = quoted(line, at, word);
                at = end;
                inWord = true;
            } else if (c == '\\') {
                at++;
                if (at == line.length()) {
                    throw new UsageException(
                            "a backslash ends the line; quote it, or write the whole command in one line");
                }
                word.append(line.charAt(at));
                inWord = true;
            } else if (BLANKS.indexOf(c) < 0) {
                word.append(c);
                inWord = true;
            } else if (inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    /** Appends the quoted text that begins at {@code start}, and returns the position of the closing quote. */
    private static int quoted(String line, int start, StringBuilder word) {
        char quote = line.charAt(start);
        for (int at = start + 1; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == quote) {
                return at;
            }
            boolean escapes =
                    quote == '"' && c == '\\' && at + 1 < line.length() && ESCAPED.indexOf(line.charAt(at + 1)) >= 0;
            if (escapes) {
                at++;
            }
            word.append(line.charAt(at));
        }
        throw new UsageException("unterminated quote in: " + line);
    }
}
