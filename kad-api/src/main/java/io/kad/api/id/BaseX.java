package io.kad.api.id;

import java.util.Arrays;

/**
 * Text forms whose base is no power of two: the bytes are one large number, and each leading zero byte is a leading zero digit.
 *
 * <p>Conversion takes time in the square of the length, which {@link #MAX_CHARS} bounds.
 */
final class BaseX {

    /** The longest text that is decoded. */
    static final int MAX_CHARS = 2048;

    private BaseX() {}

    static String encode(Bytes content, String alphabet) {
        byte[] number = content.toArray();
        int base = alphabet.length();
        char[] digits = new char[number.length * 2];
        int at = digits.length;
        int first = leadingZeros(number);
        for (int from = first; from < number.length; ) {
            digits[--at] = alphabet.charAt(divide(number, from, 256, base));
            if (number[from] == 0) {
                from++;
            }
        }
        while (at < digits.length && digits[at] == alphabet.charAt(0)) {
            at++;
        }
        for (int zero = 0; zero < first; zero++) {
            digits[--at] = alphabet.charAt(0);
        }
        return new String(digits, at, digits.length - at);
    }

    static Bytes decode(String text, int[] digits, int base, String name) {
        if (text.length() > MAX_CHARS) {
            throw new IllegalArgumentException(name + " text is longer than " + MAX_CHARS + " characters");
        }
        byte[] number = new byte[text.length()];
        for (int index = 0; index < number.length; index++) {
            char c = text.charAt(index);
            int digit = c < digits.length ? digits[c] : -1;
            if (digit < 0) {
                throw new IllegalArgumentException("'" + c + "' is no digit of " + name);
            }
            number[index] = (byte) digit;
        }
        byte[] content = new byte[text.length()];
        int at = content.length;
        int first = leadingZeros(number);
        for (int from = first; from < number.length; ) {
            content[--at] = (byte) divide(number, from, base, 256);
            if (number[from] == 0) {
                from++;
            }
        }
        while (at < content.length && content[at] == 0) {
            at++;
        }
        return Bytes.wrap(Arrays.copyOfRange(content, at - first, content.length));
    }

    /** Divides {@code number}, of digits in base {@code from}, by {@code to} in place and returns the remainder. */
    private static int divide(byte[] number, int start, int from, int to) {
        int remainder = 0;
        for (int index = start; index < number.length; index++) {
            int value = remainder * from + (number[index] & 0xff);
            number[index] = (byte) (value / to);
            remainder = value % to;
        }
        return remainder;
    }

    private static int leadingZeros(byte[] number) {
        int zeros = 0;
        while (zeros < number.length && number[zeros] == 0) {
            zeros++;
        }
        return zeros;
    }
}
