package io.kad.api.id;

import java.io.ByteArrayOutputStream;

/** Percent-encoding of RFC 3986: unreserved characters stay, all other bytes are encoded. */
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

    /** Decodes text; reserved and other unencoded characters stand for themselves, in UTF-8. */
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
            throw new IllegalArgumentException("invalid percent-encoding in " + Quoting.text(text));
        }
        return digit;
    }
}
