package io.kad.api.id;

/** Quotation of foreign text in a message: in quotes, on one line, and no longer than a reader needs. */
public final class Quoting {

    /** Longest quoted text, in characters. */
    static final int MAX_CHARS = 128;

    private Quoting() {}

    /** Returns {@code text} in single quotes; what a reader can't see is escaped, and a long text ends in dots. */
    public static String text(String text) {
        StringBuilder quoted = new StringBuilder(Math.min(text.length(), MAX_CHARS) + 5).append('\'');
        int shown = 0;
        while (shown < text.length() && quoted.length() <= MAX_CHARS) {
            int character = text.codePointAt(shown);
            if (isPrintable(character)) {
                quoted.appendCodePoint(character);
            } else {
                quoted.append(String.format("\\u%04x", character));
            }
            shown += Character.charCount(character);
        }
        return quoted.append(shown < text.length() ? "...'" : "'").toString();
    }

    /** Returns whether {@code character} is visible and has no effect on its neighbours. */
    static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
