package io.kad.transport.netty.multistream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Messages of multistream-select as they are sent. */
final class EncodedMessages {

    private EncodedMessages() {}

    /** Encodes messages. */
    static byte[] messages(String... texts) {
        ByteBuf out = Unpooled.buffer();
        for (String text : texts) {
            MultistreamMessages.write(text, out);
        }
        return ByteBufUtil.getBytes(out);
    }
}
