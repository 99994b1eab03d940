package io.kad.api.id;

import java.io.ByteArrayOutputStream;

/** Bytes in text as RFC 3986 has them: what is unreserved stands for itself, all else is percent-encoded. */
final class PercentEncoding {

    private static final String HEX = "0123456789ABCDEF";
    private static final String UNRESERVED_MARKS = "-._~";

    private PercentEncoding() {}

    static String encode(Bytes content) {
        StringBuilder text = new StringBuilder(content.size() * 3);
        for (int index = 0; index < content.size(); index++) {
            int value = content.at(index) & 0xff;
            if (isUnreserved(value)) {
                text.append((char) value);
            } else {
                text.append('%').append(HEX.charAt(value >>> 4)).append(HEX.charAt(value & 0xf));
            }
        }
        return text.toString();
    }

    private static boolean isUnreserved(int value) {
        return (value >= 'a' && value <= 'z')
                || (value >= 'A' && value <= 'Z')
                || (value >= '0' && value <= '9')
                || UNRESERVED_MARKS.indexOf(value) >= 0;
    }

    /** Takes reserved and other characters that are not encoded for themselves, in UTF-8. */
    static Bytes decode(String text) {
        Bytes encoded = Bytes.utf8(text);
        ByteArrayOutputStream content = new ByteArrayOutputStream(encoded.size());
        for (int index = 0; index < encoded.size(); index++) {
            if (encoded.at(index) == '%') {
                content.write(digit(encoded, index + 1, text) << 4 | digit(encoded, index + 2, text));
                index += 2;
            } else {
                content.write(encoded.at(index));
            }
        }
        return Bytes.wrap(content.toByteArray());
    }

    private static int digit(Bytes encoded, int index, String text) {
        int digit = index < encoded.size() ? HEX.indexOf(Character.toUpperCase((char) encoded.at(index))) : -1;
        if (digit < 0) {
            throw new IllegalArgumentException(Quoting.text(text) + " is not percent-encoded");
        }
        return digit;
    }
}
