package io.kad.api.id;

import java.util.Arrays;

/** Digits of a base: ASCII characters in the order of their values. Immutable. */
final class Alphabet {

    private static final int ASCII = 128;

    private final String name;
    private final char[] characters;
    private final byte[] digits = new byte[ASCII];

    Alphabet(String name, String characters) {
        this.name = name;
        this.characters = characters.toCharArray();
        Arrays.fill(digits, (byte) -1);
        for (int digit = 0; digit < this.characters.length; digit++) {
            digits[this.characters[digit]] = (byte) digit;
        }
    }

    String name() {
        return name;
    }

    char character(int digit) {
        return characters[digit];
    }

    int digit(char character) {
        int digit = character < ASCII ? digits[character] : -1;
        if (digit < 0) {
            throw new IllegalArgumentException(
                    "invalid " + name + " character " + Quoting.text(String.valueOf(character)));
        }
        return digit;
    }
}
