package io.kad.api.id;

import java.util.Locale;

/**
 * Text encoding whose digits have a fixed number of bits, without padding: base16, base32 and base64 (RFC 4648).
 * Immutable.
 */
final class Rfc4648Encoding {

    private static final String ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final String HEX = "0123456789abcdef";
    private static final String LETTERS_FIRST = "abcdefghijklmnopqrstuvwxyz234567";

    static final Rfc4648Encoding BASE16 = new Rfc4648Encoding("base16", HEX, 4);
    static final Rfc4648Encoding BASE16_UPPER = new Rfc4648Encoding("base16", HEX.toUpperCase(Locale.ROOT), 4);
    static final Rfc4648Encoding BASE32 = new Rfc4648Encoding("base32", LETTERS_FIRST, 5);
    static final Rfc4648Encoding BASE32_UPPER =
            new Rfc4648Encoding("base32", LETTERS_FIRST.toUpperCase(Locale.ROOT), 5);
    static final Rfc4648Encoding BASE64 = new Rfc4648Encoding("base64", ALPHANUMERIC + "+/", 6);
    static final Rfc4648Encoding BASE64_URL = new Rfc4648Encoding("base64url", ALPHANUMERIC + "-_", 6);

    private final Alphabet alphabet;
    private final int bits;

    private Rfc4648Encoding(String name, String digits, int bits) {
        this.alphabet = new Alphabet(name, digits);
        this.bits = bits;
    }

    String encode(Bytes content) {
        StringBuilder text = new StringBuilder(content.size() * 8 / bits + 1);
        int mask = (1 << bits) - 1;
        int buffered = 0;
        int buffer = 0;
        for (int index = 0; index < content.size(); index++) {
            buffer = (buffer << 8) | (content.at(index) & 0xff);
            buffered += 8;
            while (buffered >= bits) {
                buffered -= bits;
                text.append(alphabet.character((buffer >>> buffered) & mask));
            }
            buffer &= (1 << buffered) - 1;
        }
        if (buffered > 0) {
            text.append(alphabet.character((buffer << (bits - buffered)) & mask));
        }
        return text.toString();
    }

    /**
     * Decodes text. Refuses a superfluous last digit and non-zero trailing bits, so that each byte string has one text.
     */
    Bytes decode(String text) {
        byte[] content = new byte[(int) ((long) text.length() * bits / 8)];
        int at = 0;
        int buffered = 0;
        int buffer = 0;
        for (int index = 0; index < text.length(); index++) {
            buffer = (buffer << bits) | alphabet.digit(text.charAt(index));
            buffered += bits;
            if (buffered >= 8) {
                buffered -= 8;
                content[at++] = (byte) (buffer >>> buffered);
                buffer &= (1 << buffered) - 1;
            }
        }
        if (buffered >= bits || buffer != 0) {
            throw new IllegalArgumentException(
                    "invalid " + alphabet.name() + " text " + Quoting.text(text) + ": invalid last character");
        }
        return Bytes.wrap(content);
    }
}
