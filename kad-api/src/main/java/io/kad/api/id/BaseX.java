package io.kad.api.id;

import java.util.Arrays;

/**
 * Text encoding whose base is not a power of two: the bytes are one large number, and each leading zero byte is a
 * leading zero digit.
 *
 * <p>Conversion takes time in the square of the length, which {@link #MAX_CHARS} limits.
 */
final class BaseX {

    /** Longest text that is decoded, in characters. */
    static final int MAX_CHARS = 2048;

    static final BaseX BASE36 = new BaseX("base36", "0123456789abcdefghijklmnopqrstuvwxyz");
    static final BaseX BASE36_UPPER = new BaseX("base36", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    /** Base58 with the alphabet of Bitcoin. */
    static final BaseX BASE58 = new BaseX("base58", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");

    /** Digits that are converted in one step: as many as fit in 31 bits in either base. */
    private static final int CHUNK = 5;

    private static final long WORD = 0xffff_ffffL;

    private final Alphabet alphabet;
    private final int base;
    private final long[] powers = new long[CHUNK + 1];

    private BaseX(String name, String digits) {
        this.alphabet = new Alphabet(name, digits);
        this.base = digits.length();
        powers[0] = 1;
        for (int power = 1; power <= CHUNK; power++) {
            powers[power] = powers[power - 1] * base;
        }
    }

    String encode(Bytes content) {
        int[] number = words(content);
        int zeros = leadingZeros(content);
        char[] text = new char[content.size() * 2 + CHUNK];
        int at = text.length;
        for (int from = 0; from < number.length; ) {
            if (number[from] == 0) {
                from++;
                continue;
            }
            long chunk = divide(number, from, powers[CHUNK]);
            for (int digit = 0; digit < CHUNK; digit++) {
                text[--at] = alphabet.character((int) (chunk % base));
                chunk /= base;
            }
        }
        while (at < text.length && text[at] == alphabet.character(0)) {
            at++;
        }
        Arrays.fill(text, at - zeros, at, alphabet.character(0));
        return new String(text, at - zeros, text.length - at + zeros);
    }

    /** Returns {@code content} as a number of 32-bit words, the most significant first. */
    private static int[] words(Bytes content) {
        int[] words = new int[(content.size() + 3) / 4];
        for (int index = 0; index < content.size(); index++) {
            int behind = content.size() - 1 - index;
            words[words.length - 1 - behind / 4] |= (content.at(index) & 0xff) << (behind % 4 * 8);
        }
        return words;
    }

    private static int leadingZeros(Bytes content) {
        int zeros = 0;
        while (zeros < content.size() && content.at(zeros) == 0) {
            zeros++;
        }
        return zeros;
    }

    /** Divides {@code number} in place, from its word {@code first} on; returns the remainder. */
    private static long divide(int[] number, int first, long divisor) {
        long remainder = 0;
        for (int index = first; index < number.length; index++) {
            long value = (remainder << 32) | (number[index] & WORD);
            number[index] = (int) (value / divisor);
            remainder = value % divisor;
        }
        return remainder;
    }

    Bytes decode(String text) {
        int length = text.length();
        if (length > MAX_CHARS) {
            throw new IllegalArgumentException(
                    alphabet.name() + " text of " + length + " characters exceeds the limit of " + MAX_CHARS);
        }
        int zeros = 0;
        while (zeros < length && text.charAt(zeros) == alphabet.character(0)) {
            zeros++;
        }
        // No digit of either base has more than six bits
        int[] number = new int[length * 6 / 32 + 1];
        int first = number.length;
        for (int at = zeros; at < length; ) {
            int end = at + Math.min(CHUNK, length - at);
            long chunk = 0;
            int digits = end - at;
            while (at < end) {
                chunk = chunk * base + alphabet.digit(text.charAt(at++));
            }
            first = multiplyAndAdd(number, first, powers[digits], chunk);
        }
        return bytes(number, first, zeros);
    }

    /**
     * Multiplies {@code number} in place and adds {@code summand}. Words before {@code first} are zero; returns the new
     * index of the first other word.
     */
    private static int multiplyAndAdd(int[] number, int first, long factor, long summand) {
        long carry = summand;
        for (int index = number.length - 1; index >= first; index--) {
            long value = (number[index] & WORD) * factor + carry;
            number[index] = (int) value;
            carry = value >>> 32;
        }
        if (carry == 0) {
            return first;
        }
        number[first - 1] = (int) carry;
        return first - 1;
    }

    private static Bytes bytes(int[] number, int first, int zeros) {
        int significant = first == number.length
                ? 0
                : (number.length - first) * 4 - Integer.numberOfLeadingZeros(number[first]) / 8;
        byte[] content = new byte[zeros + significant];
        for (int behind = 0; behind < significant; behind++) {
            content[content.length - 1 - behind] = (byte) (number[number.length - 1 - behind / 4] >>> (behind % 4 * 8));
        }
        return Bytes.wrap(content);
    }
}
