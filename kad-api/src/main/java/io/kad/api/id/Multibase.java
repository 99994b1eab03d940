package io.kad.api.id;

import java.util.Arrays;
import java.util.Locale;

/**
 * The text forms of bytes that name their own base by a first character.
 *
 * @see <a href="https://github.com/multiformats/multibase">multibase</a>
 */
final class Multibase {

    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final String BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final String BASE64_URL = BASE64.substring(0, 62) + "-_";
    private static final int[] BASE36_DIGITS = digits(BASE36);
    private static final int[] BASE32_DIGITS = digits(BASE32);
    private static final int[] BASE64_DIGITS = digits(BASE64);
    private static final int[] BASE64_URL_DIGITS = digits(BASE64_URL);

    private Multibase() {}

    /** Returns the bytes that {@code text}, base character included, stands for. */
    static Bytes decode(String text) {
        if (text.length() < 2) {
            throw new IllegalArgumentException("'" + text + "' is too short to name a base and bytes");
        }
        String rest = text.substring(1);
        return switch (text.charAt(0)) {
            case 'z' -> Base58.decode(rest);
            case 'b' -> bits(rest, BASE32_DIGITS, 5, "base32");
            case 'B' -> bits(oneCase(rest, true), BASE32_DIGITS, 5, "base32");
            case 'k' -> BaseX.decode(rest, BASE36_DIGITS, 36, "base36");
            case 'K' -> BaseX.decode(oneCase(rest, true), BASE36_DIGITS, 36, "base36");
            case 'f' -> Bytes.fromHex(oneCase(rest, false));
            case 'F' -> Bytes.fromHex(oneCase(rest, true));
            case 'u' -> bits(rest, BASE64_URL_DIGITS, 6, "base64url");
            case 'm' -> bits(rest, BASE64_DIGITS, 6, "base64");
            default -> throw new IllegalArgumentException("'" + text.charAt(0) + "' names no known base");
        };
    }

    /** Returns {@code content} in lower-case base32 without padding, base character included. */
    static String base32(Bytes content) {
        return "b" + base32Digits(content);
    }

    /** Returns {@code content} in lower-case base32 without padding and base character. */
    static String base32Digits(Bytes content) {
        return text(content, BASE32, 5);
    }

    /** Returns the bytes that lower-case base32 without padding and base character stands for. */
    static Bytes ofBase32Digits(String text) {
        return bits(text, BASE32_DIGITS, 5, "base32");
    }

    /** Returns {@code content} in base64url without padding, base character included. */
    static String base64Url(Bytes content) {
        return "u" + text(content, BASE64_URL, 6);
    }

    private static String oneCase(String text, boolean upper) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!(upper ? text.toUpperCase(Locale.ROOT) : lower).equals(text)) {
            throw new IllegalArgumentException("'" + text + "' mixes upper and lower case");
        }
        return lower;
    }

    private static String text(Bytes content, String alphabet, int bitsPerDigit) {
        StringBuilder text = new StringBuilder(content.size() * 8 / bitsPerDigit + 1);
        int buffered = 0;
        int buffer = 0;
        for (int index = 0; index < content.size(); index++) {
            buffer = (buffer << 8) | (content.at(index) & 0xff);
            buffered += 8;
            while (buffered >= bitsPerDigit) {
                buffered -= bitsPerDigit;
                text.append(alphabet.charAt((buffer >>> buffered) & ((1 << bitsPerDigit) - 1)));
            }
            buffer &= (1 << buffered) - 1;
        }
        if (buffered > 0) {
            text.append(alphabet.charAt((buffer << (bitsPerDigit - buffered)) & ((1 << bitsPerDigit) - 1)));
        }
        return text.toString();
    }

    private static Bytes bits(String text, int[] digits, int bitsPerDigit, String name) {
        byte[] content = new byte[(int) ((long) text.length() * bitsPerDigit / 8)];
        int at = 0;
        int buffered = 0;
        int buffer = 0;
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            int digit = c < digits.length ? digits[c] : -1;
            if (digit < 0) {
                throw new IllegalArgumentException("'" + c + "' is no digit of " + name);
            }
            buffer = (buffer << bitsPerDigit) | digit;
            buffered += bitsPerDigit;
            if (buffered >= 8) {
                buffered -= 8;
                content[at++] = (byte) (buffer >>> buffered);
                buffer &= (1 << buffered) - 1;
            }
        }
        if (buffered >= bitsPerDigit || buffer != 0) {
            throw new IllegalArgumentException("'" + text + "' does not end as " + name + " must");
        }
        return Bytes.wrap(content);
    }

    private static int[] digits(String alphabet) {
        int[] digits = new int[128];
        Arrays.fill(digits, -1);
        for (int digit = 0; digit < alphabet.length(); digit++) {
            digits[alphabet.charAt(digit)] = digit;
        }
        return digits;
    }
}
