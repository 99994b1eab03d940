package io.kad.api.id;

/**
 * Multibase: text encodings of bytes whose first character identifies the base.
 *
 * @see <a href="https://github.com/multiformats/multibase">multibase</a>
 */
final class Multibase {

    private Multibase() {}

    /** Decodes {@code text}, which includes the base prefix. */
    static Bytes decode(String text) {
        if (text.length() < 2) {
            throw new IllegalArgumentException(
                    "multibase text must have at least 2 characters, got " + Quoting.text(text));
        }
        String digits = text.substring(1);
        return switch (text.charAt(0)) {
            case 'b' -> Rfc4648Encoding.BASE32.decode(digits);
            case 'B' -> Rfc4648Encoding.BASE32_UPPER.decode(digits);
            case 'f' -> Rfc4648Encoding.BASE16.decode(digits);
            case 'F' -> Rfc4648Encoding.BASE16_UPPER.decode(digits);
            case 'k' -> BaseX.BASE36.decode(digits);
            case 'K' -> BaseX.BASE36_UPPER.decode(digits);
            case 'm' -> Rfc4648Encoding.BASE64.decode(digits);
            case 'u' -> Rfc4648Encoding.BASE64_URL.decode(digits);
            case 'z' -> BaseX.BASE58.decode(digits);
            default ->
                throw new IllegalArgumentException("unknown multibase prefix " + Quoting.text(text.substring(0, 1)));
        };
    }

    /** Returns {@code content} in lower-case base32, with its base prefix. */
    static String base32(Bytes content) {
        return "b" + Rfc4648Encoding.BASE32.encode(content);
    }

    /** Returns {@code content} in base64url, with its base prefix. */
    static String base64Url(Bytes content) {
        return "u" + Rfc4648Encoding.BASE64_URL.encode(content);
    }
}
