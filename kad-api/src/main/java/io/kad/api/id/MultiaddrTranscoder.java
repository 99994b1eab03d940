package io.kad.api.id;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.function.Function;

/** Transcoder of the value of an address component, between bytes and text. */
@SuppressWarnings("ImmutableEnumChecker") // the functions are stateless
enum MultiaddrTranscoder {
    /** No value. */
    NONE(0, MultiaddrTranscoder::noValue, value -> ""),
    /** IPv4 address: four bytes, in text dotted decimal. */
    IP4(4, IpAddressText::parse4, IpAddressText::format4),
    /** IPv6 address: sixteen bytes, in text RFC 5952. */
    IP6(16, IpAddressText::parse6, IpAddressText::format6),
    /** Port of 16 bits. */
    PORT(2, MultiaddrTranscoder::parsePort, MultiaddrTranscoder::formatPort),
    /** Prefix length of a network, in bits. */
    PREFIX_LENGTH(
            1,
            text -> Bytes.of((byte) number(text, 0xff, "prefix length")),
            value -> Integer.toString(value.at(0) & 0xff)),
    /** Unsigned number of 64 bits. */
    MEMORY(
            8,
            MultiaddrTranscoder::parseLong,
            value -> Long.toUnsignedString(value.buffer().getLong())),
    /** UTF-8 text without slashes, such as a host name. */
    TEXT(MultiaddrTranscoder.VARIABLE, Bytes::utf8, MultiaddrTranscoder::utf8),
    /** Path that extends to the end of the address. */
    PATH(MultiaddrTranscoder.VARIABLE, Bytes::utf8, MultiaddrTranscoder::utf8),
    /** Binary peer ID, in text base58 or a CID. */
    PEER(MultiaddrTranscoder.VARIABLE, text -> PeerId.parse(text).bytes(), value -> BaseX.BASE58.encode(value)),
    /** Multihash, in text multibase. */
    CERTHASH(MultiaddrTranscoder.VARIABLE, Multibase::decode, Multibase::base64Url),
    /** HTTP path, percent-encoded in text. */
    HTTP_PATH(MultiaddrTranscoder.VARIABLE, PercentEncoding::decode, PercentEncoding::encode),
    /** Tor hidden service of version 2 and its port. */
    ONION(12, text -> parseOnion(text, 10), value -> formatOnion(value, 10)),
    /** Tor hidden service of version 3 and its port. */
    ONION3(37, text -> parseOnion(text, 35), value -> formatOnion(value, 35)),
    /** I2P destination, in text base64 with the alphabet of I2P. */
    GARLIC64(MultiaddrTranscoder.VARIABLE, MultiaddrTranscoder::parseI2p, MultiaddrTranscoder::formatI2p),
    /** Hash of an I2P destination, in text base32. */
    GARLIC32(
            MultiaddrTranscoder.VARIABLE,
            text -> Rfc4648Encoding.BASE32.decode(text),
            value -> Rfc4648Encoding.BASE32.encode(value));

    static final int VARIABLE = -1;

    private static final int MIN_GARLIC64 = 386;

    private final int size;
    private final Function<String, Bytes> parser;
    private final Function<Bytes, String> formatter;

    MultiaddrTranscoder(int size, Function<String, Bytes> parser, Function<Bytes, String> formatter) {
        this.size = size;
        this.parser = parser;
        this.formatter = formatter;
    }

    /** Returns the binary value of {@code text}. */
    Bytes parse(String text) {
        return parser.apply(text);
    }

    /** Returns the text of a valid value. */
    String format(Bytes value) {
        return formatter.apply(value);
    }

    /**
     * Checks the value from {@code from} to {@code to}, whose length is right if it is fixed; throws
     * {@link IllegalArgumentException} if it is invalid.
     */
    void check(Bytes value, int from, int to) {
        switch (this) {
            case TEXT -> checkName(value, from, to);
            case PATH -> checkPath(value, from, to);
            case PEER -> PeerId.check(value, from, to);
            case CERTHASH -> Multihash.fromBytes(value.slice(from, to));
            case HTTP_PATH -> require(to > from, "path must not be empty");
            case GARLIC64 -> requireLength(to - from >= MIN_GARLIC64, "at least " + MIN_GARLIC64, to - from);
            case GARLIC32 -> requireLength(to - from == 32 || to - from >= 35, "32, or at least 35", to - from);
            case NONE, IP4, IP6, PORT, PREFIX_LENGTH, MEMORY, ONION, ONION3 -> {
                // Every value of the right length is valid
            }
        }
    }

    /** Returns the length of a value in bytes; negative if it varies. */
    int size() {
        return size;
    }

    boolean hasValue() {
        return size != 0;
    }

    /** Returns whether the text of the value extends to the end of the address, slashes included. */
    boolean isPath() {
        return this == PATH;
    }

    boolean isVariable() {
        return size == VARIABLE;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    private static void requireLength(boolean condition, String expected, int length) {
        if (!condition) {
            throw new IllegalArgumentException("length must be " + expected + " bytes, got " + length);
        }
    }

    private static Bytes noValue(String text) {
        throw new AssertionError("component without a value has no text");
    }

    private static Bytes parsePort(String text) {
        int port = number(text, 0xffff, "port");
        return Bytes.of((byte) (port >>> 8), (byte) port);
    }

    private static String formatPort(Bytes value) {
        return Integer.toString(value.buffer().getShort() & 0xffff);
    }

    private static int number(String text, int max, String name) {
        int number = -1;
        if (!text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            number = Integer.parseInt(text);
        }
        if (number < 0 || number > max) {
            throw new IllegalArgumentException(name + " must be between 0 and " + max + ", got " + Quoting.text(text));
        }
        return number;
    }

    private static Bytes parseLong(String text) {
        try {
            return Bytes.wrap(ByteBuffer.allocate(Long.BYTES)
                    .putLong(Long.parseUnsignedLong(text))
                    .array());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("invalid number " + Quoting.text(text) + ": expected 0 to 2^64 - 1", e);
        }
    }

    private static String utf8(Bytes value) {
        return value.utf8().orElseThrow(() -> new IllegalArgumentException("text must be UTF-8"));
    }

    private static void checkName(Bytes value, int from, int to) {
        checkText(value, from, to);
        for (int index = from; index < to; index++) {
            require(value.at(index) != '/', "text must not contain '/'");
        }
    }

    private static void checkPath(Bytes value, int from, int to) {
        checkText(value, from, to);
        require(value.at(from) == '/' && to - from >= 2, "path must start with '/' and not be empty");
    }

    /**
     * Checks that a text is not empty, is UTF-8, and contains no control characters, which would break the line that
     * shows it.
     */
    private static void checkText(Bytes value, int from, int to) {
        require(from < to, "text must not be empty");
        boolean ascii = true;
        boolean control = false;
        for (int index = from; index < to; index++) {
            int character = value.at(index);
            control |= character >= 0 && Character.isISOControl(character);
            ascii &= character >= 0;
        }
        if (!ascii && !control) {
            control = utf8(value.slice(from, to)).chars().anyMatch(Character::isISOControl);
        }
        require(!control, "text must not contain control characters");
    }

    private static Bytes parseOnion(String text, int hostBytes) {
        int colon = text.indexOf(':');
        require(colon >= 0, "missing port in " + Quoting.text(text));
        Bytes host = Rfc4648Encoding.BASE32.decode(text.substring(0, colon));
        if (host.size() != hostBytes) {
            throw new IllegalArgumentException("hidden service must have " + hostBytes + " bytes, got " + host.size());
        }
        return Bytes.concat(host, PORT.parse(text.substring(colon + 1)));
    }

    private static String formatOnion(Bytes value, int hostBytes) {
        return Rfc4648Encoding.BASE32.encode(value.slice(0, hostBytes))
                + ":"
                + PORT.format(value.slice(hostBytes, hostBytes + 2));
    }

    private static Bytes parseI2p(String text) {
        try {
            return Bytes.wrap(Base64.getDecoder().decode(text.replace('-', '+').replace('~', '/')));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid I2P base64 " + Quoting.text(text), e);
        }
    }

    private static String formatI2p(Bytes value) {
        return Base64.getEncoder()
                .encodeToString(value.toArray())
                .replace('+', '-')
                .replace('/', '~');
    }
}
