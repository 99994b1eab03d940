package io.kad.transport.netty.multistream;

import static io.kad.transport.netty.multistream.NegotiationException.Reason.MALFORMED;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The messages of multistream-select: an unsigned varint length, then a text that a line feed ends and the length includes. */
final class MultistreamMessages {
    static final String HEADER = "/multistream/1.0.0";
    static final String REFUSAL = "na";

    /** The longest message, its line feed included and its length prefix not: what go and js accept. */
    static final int MAX_MESSAGE_BYTES = 1024;

    private static final int CONTINUED = 0x80;
    private static final byte END = '\n';

    private MultistreamMessages() {}

    /** Reads one message and returns its text, or returns null and reads nothing if it has not arrived as a whole. */
    static @Nullable String read(ByteBuf in) throws NegotiationException {
        int available = in.readableBytes();
        if (available == 0) {
            return null;
        }
        int start = in.readerIndex();
        int length = in.getByte(start) & 0xff;
        int prefix = 1;
        if (length >= CONTINUED) {
            if (available == 1) {
                return null;
            }
            int high = in.getByte(start + 1) & 0xff;
            if (high == 0 || high >= CONTINUED) {
                throw malformed("a length that is not a minimal varint of two bytes at most");
            }
            length = length - CONTINUED + (high << 7);
            prefix = 2;
        }
        if (length == 0 || length > MAX_MESSAGE_BYTES) {
            throw malformed("a message of %d bytes".formatted(length));
        }
        if (available < prefix + length) {
            return null;
        }
        if (in.getByte(start + prefix + length - 1) != END) {
            throw malformed("a message without a line feed at its end");
        }
        in.skipBytes(prefix + length);
        return in.toString(start + prefix, length - 1, UTF_8);
    }

    /** Writes one message. */
    static void write(String text, ByteBuf out) {
        byte[] bytes = text.getBytes(UTF_8);
        int length = bytes.length + 1;
        if (length >= CONTINUED) {
            out.writeByte((length & 0x7f) | CONTINUED).writeByte(length >>> 7);
        } else {
            out.writeByte(length);
        }
        out.writeBytes(bytes).writeByte(END);
    }

    /** Returns {@code protocol} if it can be proposed; throws {@link IllegalArgumentException} otherwise. */
    static String requireProtocol(String protocol) {
        boolean blank = protocol.chars().anyMatch(c -> c <= ' ' || c == 0x7f);
        if (!protocol.startsWith("/") || blank || protocol.getBytes(UTF_8).length >= MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("not a protocol id: '%s'".formatted(protocol));
        }
        return protocol;
    }

    /** Shows a text from a remote in a log or an error message, whatever it holds. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("'");
        text.chars()
                .limit(80)
                .forEach(c -> out.append(c >= ' ' && c < 0x7f ? (char) c : String.format(Locale.ROOT, "\\u%04x", c)));
        return out.append(text.length() > 80 ? "...'" : "'").toString();
    }

    private static NegotiationException malformed(String what) {
        return new NegotiationException(MALFORMED, "the remote sent " + what);
    }
}
