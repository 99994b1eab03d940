package io.kad.api.id;

import java.nio.ByteBuffer;
import java.util.Base64;

/** The forms that the value of an address component has, in bytes and in text. */
enum MultiaddrTranscoder {
    /** No value. */
    NONE(0) {
        @Override
        Bytes parse(String text) {
            throw new AssertionError("no text belongs to a component without a value");
        }

        @Override
        String format(Bytes value) {
            return "";
        }
    },
    /** Four bytes as dotted decimal. */
    IP4(4) {
        @Override
        Bytes parse(String text) {
            return IpAddressText.parse4(text);
        }

        @Override
        String format(Bytes value) {
            return IpAddressText.format4(value);
        }
    },
    /** Sixteen bytes in the form of RFC 5952. */
    IP6(16) {
        @Override
        Bytes parse(String text) {
            return IpAddressText.parse6(text);
        }

        @Override
        String format(Bytes value) {
            return IpAddressText.format6(value);
        }
    },
    /** A port of 16 bits. */
    PORT(2) {
        @Override
        Bytes parse(String text) {
            int port = number(text, 0xffff, "a port");
            return Bytes.of((byte) (port >>> 8), (byte) port);
        }

        @Override
        String format(Bytes value) {
            return Integer.toString(value.buffer().getShort() & 0xffff);
        }
    },
    /** The number of leading bits of a network. */
    PREFIX_LENGTH(1) {
        @Override
        Bytes parse(String text) {
            return Bytes.of((byte) number(text, 0xff, "a prefix length"));
        }

        @Override
        String format(Bytes value) {
            return Integer.toString(value.at(0) & 0xff);
        }
    },
    /** A number of 64 bits. */
    MEMORY(8) {
        @Override
        Bytes parse(String text) {
            try {
                return Bytes.wrap(ByteBuffer.allocate(size())
                        .putLong(Long.parseUnsignedLong(text))
                        .array());
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException(Quoting.text(text) + " is no number of 64 bits", notANumber);
            }
        }

        @Override
        String format(Bytes value) {
            return Long.toUnsignedString(value.buffer().getLong());
        }
    },
    /** Text in UTF-8 without slashes, such as a host name. */
    TEXT(MultiaddrTranscoder.VARIABLE) {
        @Override
        Bytes parse(String text) {
            return Bytes.utf8(text);
        }

        @Override
        String format(Bytes value) {
            return utf8(value);
        }

        @Override
        void check(Bytes value, int from, int to) {
            checkText(value, from, to);
            for (int index = from; index < to; index++) {
                if (value.at(index) == '/') {
                    throw new IllegalArgumentException("it holds a slash");
                }
            }
        }
    },
    /** A path that takes the rest of the address. */
    PATH(MultiaddrTranscoder.VARIABLE) {
        @Override
        Bytes parse(String text) {
            return Bytes.utf8(text);
        }

        @Override
        String format(Bytes value) {
            return utf8(value);
        }

        @Override
        void check(Bytes value, int from, int to) {
            checkText(value, from, to);
            if (value.at(from) != '/' || to - from < 2) {
                throw new IllegalArgumentException("a path begins with a slash and names something");
            }
        }
    },
    /** A binary peer id, in text base58 or a CID. */
    PEER(MultiaddrTranscoder.VARIABLE) {
        @Override
        Bytes parse(String text) {
            return PeerId.parse(text).bytes();
        }

        @Override
        String format(Bytes value) {
            return BaseX.BASE58.encode(value);
        }

        @Override
        void check(Bytes value, int from, int to) {
            PeerId.check(value, from, to);
        }
    },
    /** A multihash, in text multibase. */
    CERTHASH(MultiaddrTranscoder.VARIABLE) {
        @Override
        Bytes parse(String text) {
            return Multibase.decode(text);
        }

        @Override
        String format(Bytes value) {
            return Multibase.base64Url(value);
        }

        @Override
        void check(Bytes value, int from, int to) {
            Multihash.fromBytes(value.slice(from, to));
        }
    },
    /** A path of HTTP, percent-encoded in text. */
    HTTP_PATH(MultiaddrTranscoder.VARIABLE) {
        @Override
        Bytes parse(String text) {
            return PercentEncoding.decode(text);
        }

        @Override
        String format(Bytes value) {
            return PercentEncoding.encode(value);
        }

        @Override
        void check(Bytes value, int from, int to) {
            if (from == to) {
                throw new IllegalArgumentException("the path is empty");
            }
        }
    },
    /** A hidden service of Tor, version 2, and its port. */
    ONION(12) {
        @Override
        Bytes parse(String text) {
            return onion(text, 10);
        }

        @Override
        String format(Bytes value) {
            return onionText(value, 10);
        }
    },
    /** A hidden service of Tor, version 3, and its port. */
    ONION3(37) {
        @Override
        Bytes parse(String text) {
            return onion(text, 35);
        }

        @Override
        String format(Bytes value) {
            return onionText(value, 35);
        }
    },
    /** A destination of I2P, in text base64 of I2P's alphabet. */
    GARLIC64(MultiaddrTranscoder.VARIABLE) {
        @Override
        Bytes parse(String text) {
            try {
                return Bytes.wrap(
                        Base64.getDecoder().decode(text.replace('-', '+').replace('~', '/')));
            } catch (IllegalArgumentException malformed) {
                throw new IllegalArgumentException(Quoting.text(text) + " is no base64 of I2P", malformed);
            }
        }

        @Override
        String format(Bytes value) {
            return Base64.getEncoder()
                    .encodeToString(value.toArray())
                    .replace('+', '-')
                    .replace('/', '~');
        }

        @Override
        void check(Bytes value, int from, int to) {
            if (to - from < MIN_GARLIC64) {
                throw new IllegalArgumentException("a destination of I2P has " + MIN_GARLIC64 + " bytes or more");
            }
        }
    },
    /** The hash of a destination of I2P, in text base32. */
    GARLIC32(MultiaddrTranscoder.VARIABLE) {
        @Override
        Bytes parse(String text) {
            return Rfc4648Encoding.BASE32.decode(text);
        }

        @Override
        String format(Bytes value) {
            return Rfc4648Encoding.BASE32.encode(value);
        }

        @Override
        void check(Bytes value, int from, int to) {
            if (to - from != 32 && to - from < 35) {
                throw new IllegalArgumentException("the hash of a destination has 32 bytes, or 35 and more");
            }
        }
    };

    static final int VARIABLE = -1;

    private static final int MIN_GARLIC64 = 386;

    private final int size;

    MultiaddrTranscoder(int size) {
        this.size = size;
    }

    /** Returns the bytes that {@code text} stands for. */
    abstract Bytes parse(String text);

    /** Returns the text of a value that was checked. */
    abstract String format(Bytes value);

    /** Refuses what is no value from {@code from} to {@code to}, when the length is right. */
    void check(Bytes value, int from, int to) {}

    /** Returns the bytes of a value; negative if that varies. */
    int size() {
        return size;
    }

    boolean hasValue() {
        return size != 0;
    }

    /** Returns whether the text of the value reaches to the end of the address, slashes included. */
    boolean isPath() {
        return this == PATH;
    }

    boolean isVariable() {
        return size == VARIABLE;
    }

    private static int number(String text, int max, String what) {
        int number = -1;
        if (!text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            number = Integer.parseInt(text);
        }
        if (number < 0 || number > max) {
            throw new IllegalArgumentException(Quoting.text(text) + " is not " + what + " from 0 to " + max);
        }
        return number;
    }

    private static String utf8(Bytes value) {
        return value.utf8().orElseThrow(() -> new IllegalArgumentException("a text is not UTF-8"));
    }

    /** Refuses what is empty, not UTF-8, or would tear the line that shows it. */
    private static void checkText(Bytes value, int from, int to) {
        if (from == to) {
            throw new IllegalArgumentException("it is empty");
        }
        boolean ascii = true;
        for (int index = from; index < to; index++) {
            int character = value.at(index);
            if (character >= 0 && Character.isISOControl(character)) {
                throw new IllegalArgumentException("it holds a control character");
            }
            ascii &= character >= 0;
        }
        if (!ascii && utf8(value.slice(from, to)).chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("it holds a control character");
        }
    }

    private static Bytes onion(String text, int hostBytes) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(Quoting.text(text) + " has no port");
        }
        Bytes host = Rfc4648Encoding.BASE32.decode(text.substring(0, colon));
        if (host.size() != hostBytes) {
            throw new IllegalArgumentException(Quoting.text(text) + " is no hidden service of " + hostBytes + " bytes");
        }
        return Bytes.concat(host, PORT.parse(text.substring(colon + 1)));
    }

    private static String onionText(Bytes value, int hostBytes) {
        return Rfc4648Encoding.BASE32.encode(value.slice(0, hostBytes))
                + ":"
                + PORT.format(value.slice(hostBytes, hostBytes + 2));
    }
}
