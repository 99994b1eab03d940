package io.kad.transport.netty.dns;

import io.kad.api.id.Multiaddr;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reading of the content of a TXT record of a {@code /dnsaddr} name. */
final class TxtRecord {

    private static final String PREFIX = "dnsaddr=";

    private TxtRecord() {}

    /**
     * Returns the address that a record names; empty if it is for another use, such as SPF, or malformed. The strings of a record are one text
     * (RFC 7208, section 3.3).
     *
     * @param content strings with their lengths; is not changed
     */
    static Optional<Multiaddr> address(ByteBuf content) {
        byte[] text = new byte[content.readableBytes()];
        int size = 0;
        int at = content.readerIndex();
        while (at < content.writerIndex()) {
            int length = content.getUnsignedByte(at);
            if (length > content.writerIndex() - at - 1) {
                return Optional.empty();
            }
            content.getBytes(at + 1, text, size, length);
            size += length;
            at += 1 + length;
        }
        return decode(ByteBuffer.wrap(text, 0, size))
                .filter(each -> each.startsWith(PREFIX))
                .flatMap(TxtRecord::parse);
    }

    private static Optional<String> decode(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Optional<Multiaddr> parse(String text) {
        try {
            return Optional.of(Multiaddr.parse(text.substring(PREFIX.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
