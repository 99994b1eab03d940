package io.kad.api.id;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The forms that the value of an address component has, in bytes and in text. */
enum MultiaddrValue {
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
            return IpText.parse4(text);
        }

        @Override
        String format(Bytes value) {
            return IpText.format4(value);
        }
    },
    /** Sixteen bytes in the form of RFC 5952. */
    IP6(16) {
        @Override
        Bytes parse(String text) {
            return IpText.parse6(text);
        }

        @Override
        String format(Bytes value) {
            return IpText.format6(value);
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
            return Integer.toString(value.asReadOnlyBuffer().getShort() & 0xffff);
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
                return Bytes.wrap(ByteBuffer.allocate(8)
                        .putLong(Long.parseUnsignedLong(text))
                        .array());
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException("'" + text + "' is no number of 64 bits", notANumber);
            }
        }

        @Override
        String format(Bytes value) {
            return Long.toUnsignedString(value.asReadOnlyBuffer().getLong());
        }
    },
    /** Text in UTF-8 without slashes, such as a host name. */
    TEXT(MultiaddrValue.VARIABLE) {
        @Override
        Bytes parse(String text) {
            return Bytes.utf8(text);
        }

        @Override
        String format(Bytes value) {
            return utf8(value);
        }

        @Override
        void check(Bytes value) {
            String text = utf8(value);
            if (text.isEmpty() || text.indexOf('/') >= 0) {
                throw new IllegalArgumentException("'" + text + "' is empty or holds a slash");
            }
        }
    },
    /** A path that takes the rest of the address. */
    PATH(MultiaddrValue.VARIABLE) {
        @Override
        Bytes parse(String text) {
            return Bytes.utf8(text);
        }

        @Override
        String format(Bytes value) {
            return utf8(value);
        }

        @Override
        void check(Bytes value) {
            if (!utf8(value).startsWith("/") || value.size() < 2) {
                throw new IllegalArgumentException("a path begins with a slash and names something");
            }
        }
    },
    /** A binary peer id, in text base58 or a CID. */
    PEER(MultiaddrValue.VARIABLE) {
        @Override
        Bytes parse(String text) {
            return PeerId.parse(text).bytes();
        }

        @Override
        String format(Bytes value) {
            return Base58.encode(value);
        }

        @Override
        void check(Bytes value) {
            PeerId.fromBytes(value);
        }
    },
    /** A multihash, in text multibase. */
    CERTHASH(MultiaddrValue.VARIABLE) {
        @Override
        Bytes parse(String text) {
            return Multibase.decode(text);
        }

        @Override
        String format(Bytes value) {
            return Multibase.base64Url(value);
        }

        @Override
        void check(Bytes value) {
            Multihash.fromBytes(value);
        }
    },
    /** A path of HTTP, percent-encoded in text. */
    HTTP_PATH(MultiaddrValue.VARIABLE) {
        @Override
        Bytes parse(String text) {
            return Bytes.utf8(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
        }

        @Override
        String format(Bytes value) {
            return URLEncoder.encode(utf8(value), StandardCharsets.UTF_8).replace("+", "%20");
        }

        @Override
        void check(Bytes value) {
            if (utf8(value).isEmpty()) {
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
    GARLIC64(MultiaddrValue.VARIABLE) {
        @Override
        Bytes parse(String text) {
            try {
                return Bytes.wrap(java.util.Base64.getDecoder()
                        .decode(text.replace('-', '+').replace('~', '/')));
            } catch (IllegalArgumentException malformed) {
                throw new IllegalArgumentException("'" + text + "' is no base64 of I2P", malformed);
            }
        }

        @Override
        String format(Bytes value) {
            return java.util.Base64.getEncoder()
                    .encodeToString(value.toArray())
                    .replace('+', '-')
                    .replace('/', '~');
        }

        @Override
        void check(Bytes value) {
            if (value.size() < MIN_GARLIC64) {
                throw new IllegalArgumentException("a destination of I2P has " + MIN_GARLIC64 + " bytes or more");
            }
        }
    },
    /** The hash of a destination of I2P, in text base32. */
    GARLIC32(MultiaddrValue.VARIABLE) {
        @Override
        Bytes parse(String text) {
            return Multibase.ofBase32Digits(text);
        }

        @Override
        String format(Bytes value) {
            return Multibase.base32Digits(value);
        }

        @Override
        void check(Bytes value) {
            if (value.size() != 32 && value.size() < 35) {
                throw new IllegalArgumentException("the hash of a destination has 32 bytes, or 35 and more");
            }
        }
    };

    static final int VARIABLE = -1;

    private static final int MIN_GARLIC64 = 386;

    private final int size;

    MultiaddrValue(int size) {
        this.size = size;
    }

    /** Returns the bytes that {@code text} stands for. */
    abstract Bytes parse(String text);

    /** Returns the text of a value that was checked. */
    abstract String format(Bytes value);

    /** Refuses a value of the right length that means nothing. */
    void check(Bytes value) {}

    boolean hasText() {
        return size != 0;
    }

    boolean isVariable() {
        return size == VARIABLE;
    }

    /** Reads and checks a value. */
    Bytes read(ByteBuffer in) {
        long length = isVariable() ? UnsignedVarint.read(in) : size;
        if (length > in.remaining()) {
            throw new IllegalArgumentException("a value is cut off");
        }
        Bytes value = Bytes.copyOf(in.slice(in.position(), (int) length));
        in.position(in.position() + (int) length);
        check(value);
        return value;
    }

    private static int number(String text, int max, String what) {
        int number = -1;
        if (!text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            number = Integer.parseInt(text);
        }
        if (number < 0 || number > max) {
            throw new IllegalArgumentException("'" + text + "' is not " + what + " from 0 to " + max);
        }
        return number;
    }

    private static String utf8(Bytes value) {
        return value.utf8().orElseThrow(() -> new IllegalArgumentException("a text is not UTF-8"));
    }

    private static Bytes onion(String text, int hostBytes) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("'" + text + "' has no port");
        }
        Bytes host = Multibase.ofBase32Digits(text.substring(0, colon));
        if (host.size() != hostBytes) {
            throw new IllegalArgumentException("'" + text + "' is no hidden service of " + hostBytes + " bytes");
        }
        return Bytes.concat(host, PORT.parse(text.substring(colon + 1)));
    }

    private static String onionText(Bytes value, int hostBytes) {
        return Multibase.base32Digits(value.slice(0, hostBytes))
                + ":"
                + PORT.format(value.slice(hostBytes, hostBytes + 2));
    }
}
