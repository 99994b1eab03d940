package io.kad.node.http;

import io.kad.api.id.Bytes;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicInteger;

/** Body of a request while it is received; its bytes are taken from the budget of the server. Confined to one thread. */
final class RequestBody {

    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final int maxBytes;
    private final AtomicInteger budget;
    private int reserved;

    /** Creates a body of at most {@code maxBytes}; {@code budget} has the bytes that are left for all bodies. */
    RequestBody(int maxBytes, AtomicInteger budget) {
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    /** Adds the readable bytes of {@code part}. */
    void add(ByteBuf part) throws HttpException {
        int length = part.readableBytes();
        if (length > maxBytes - content.size()) {
            throw RequestHead.tooLarge(maxBytes);
        }
        if (budget.addAndGet(-length) < 0) {
            budget.addAndGet(length);
            throw Refusals.overloaded("request bodies");
        }
        reserved += length;
        byte[] bytes = new byte[length];
        part.readBytes(bytes);
        content.writeBytes(bytes);
    }

    /** Returns the whole body. */
    Bytes content() {
        return Bytes.of(content.toByteArray());
    }

    /** Returns its bytes to the budget. */
    void release() {
        budget.addAndGet(reserved);
        reserved = 0;
    }
}
