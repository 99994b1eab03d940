package io.kad.transport.netty.multistream;

import static io.kad.transport.netty.multistream.NegotiationException.Reason.MALFORMED;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kad.api.id.Quoting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Encoding of multistream-select messages: an unsigned varint length, then text that ends with a line feed, which the
 * length includes.
 */
final class MultistreamMessages {
    static final String HEADER = "/multistream/1.0.0";
    static final String REFUSAL = "na";

    /** Longest message in bytes, with its line feed and without its length prefix. As in go-libp2p and js-libp2p. */
    static final int MAX_MESSAGE_BYTES = 1024;

    private static final int CONTINUATION = 0x80;
    private static final byte END = '\n';
    private static final byte[] ENCODED_HEADER = encodedHeader();

    private MultistreamMessages() {}

    private static byte[] encodedHeader() {
        ByteBuf header = Unpooled.buffer();
        write(HEADER, header);
        return ByteBufUtil.getBytes(header);
    }

    /**
     * Reads the header; returns false and reads nothing if it is incomplete. Its bytes are compared as they arrive: what a remote peer of another
     * protocol sends first may look like the length of a long message, for whose end it would be waited.
     */
    static boolean readHeader(ByteBuf in) throws NegotiationException {
        int start = in.readerIndex();
        int available = Math.min(in.readableBytes(), ENCODED_HEADER.length);
        for (int index = 0; index < available; index++) {
            if (in.getByte(start + index) != ENCODED_HEADER[index]) {
                throw malformed("invalid multistream header %s: expected %s"
                        .formatted(Quoting.text(in.toString(start, available, UTF_8)), HEADER));
            }
        }
        if (available < ENCODED_HEADER.length) {
            return false;
        }
        in.skipBytes(available);
        return true;
    }

    /** Reads one message and returns its text; returns null and reads nothing if the message is incomplete. */
    static @Nullable String read(ByteBuf in) throws NegotiationException {
        int available = in.readableBytes();
        if (available == 0) {
            return null;
        }
        int start = in.readerIndex();
        int length = in.getByte(start) & 0xff;
        int prefix = 1;
        if (length >= CONTINUATION) {
            if (available == 1) {
                return null;
            }
            int high = in.getByte(start + 1) & 0xff;
            if (high == 0 || high >= CONTINUATION) {
                throw malformed("length must be a minimal varint of at most two bytes");
            }
            length = length - CONTINUATION + (high << 7);
            prefix = 2;
        }
        if (length == 0 || length > MAX_MESSAGE_BYTES) {
            throw malformed("message length must be between 1 and %d, got %d".formatted(MAX_MESSAGE_BYTES, length));
        }
        if (available < prefix + length) {
            return null;
        }
        if (in.getByte(start + prefix + length - 1) != END) {
            throw malformed("missing line feed at the end of a message");
        }
        in.skipBytes(prefix + length);
        return in.toString(start + prefix, length - 1, UTF_8);
    }

    /** Writes one message. */
    static void write(String text, ByteBuf out) {
        byte[] bytes = text.getBytes(UTF_8);
        int length = bytes.length + 1;
        if (length >= CONTINUATION) {
            out.writeByte((length & 0x7f) | CONTINUATION).writeByte(length >>> 7);
        } else {
            out.writeByte(length);
        }
        out.writeBytes(bytes).writeByte(END);
    }

    /** Returns {@code protocol} if it is a valid protocol ID; throws {@link IllegalArgumentException} otherwise. */
    static String requireProtocol(String protocol) {
        boolean hasBlank = protocol.chars().anyMatch(c -> c <= ' ' || c == 0x7f);
        if (!protocol.startsWith("/") || hasBlank || protocol.getBytes(UTF_8).length >= MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("invalid protocol ID %s: expected '/', no blanks, and at most %d bytes"
                    .formatted(Quoting.text(protocol), MAX_MESSAGE_BYTES - 1));
        }
        return protocol;
    }

    private static NegotiationException malformed(String message) {
        return new NegotiationException(MALFORMED, message);
    }
}
