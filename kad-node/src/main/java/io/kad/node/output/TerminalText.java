package io.kad.node.output;

/** Text for a terminal, of which foreign parts could command it, or change the order of what is seen. */
final class TerminalText {

    private static final char REPLACEMENT = '?';

    private TerminalText() {}

    /** Returns foreign {@code text} as one line: whatever ends a line, and what {@link #of} replaces, is a question mark. */
    static String line(String text) {
        return replaced(text, false);
    }

    /** Returns lines of the program without control and format characters, which are question marks; newlines and tabs stay. */
    static String of(String lines) {
        return replaced(lines, true);
    }

    private static String replaced(String text, boolean keepsLines) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            boolean isKept = character == '\n' ? keepsLines : !isUnsafe(character) || character == '\t';
            shown.appendCodePoint(isKept ? character : REPLACEMENT);
        });
        return shown.toString();
    }

    /** Returns a line of JSON, in which such characters are escaped, so that its values are the same. */
    static String ofJson(String json) {
        StringBuilder escaped = new StringBuilder(json.length());
        json.codePoints().forEach(character -> {
            if (isUnsafe(character)) {
                for (char unit : Character.toChars(character)) {
                    escaped.append(String.format("\\u%04x", (int) unit));
                }
            } else {
                escaped.appendCodePoint(character);
            }
        });
        return escaped.toString();
    }

    private static boolean isUnsafe(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
