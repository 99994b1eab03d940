package io.kad.api.id;

import java.util.Arrays;

/** The base58 text form in Bitcoin's alphabet: a leading {@code 1} for each leading zero byte. */
final class Base58 {

    private static final String ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final int[] DIGITS = new int[128];

    static {
        Arrays.fill(DIGITS, -1);
        for (int digit = 0; digit < ALPHABET.length(); digit++) {
            DIGITS[ALPHABET.charAt(digit)] = digit;
        }
    }

    private Base58() {}

    static String encode(Bytes content) {
        return BaseX.encode(content, ALPHABET);
    }

    static Bytes decode(String text) {
        return BaseX.decode(text, DIGITS, ALPHABET.length(), "base58");
    }
}
