package io.kad.node.http;

import io.kad.api.id.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Body of a request while it is received; its bytes are taken from the budget of the server. Confined to one thread. */
final class RequestBody {

    private final int maxBytes;
    private final AtomicInteger budget;
    private byte[] content = new byte[0];
    private int size;
    private int reserved;

    /** Creates a body of at most {@code maxBytes}; {@code budget} has the bytes that are left for all bodies. */
    RequestBody(int maxBytes, AtomicInteger budget) {
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    /** Adds the readable bytes of {@code part}. */
    void add(ByteBuf part) throws HttpException {
        int length = part.readableBytes();
        if (length > maxBytes - size) {
            throw RequestHead.tooLarge(maxBytes);
        }
        if (budget.addAndGet(-length) < 0) {
            budget.addAndGet(length);
            throw Refusals.overloaded("request bodies");
        }
        reserved += length;
        if (length > content.length - size) {
            content = Arrays.copyOf(content, Math.min(maxBytes, Math.max(2 * content.length, size + length)));
        }
        part.readBytes(content, size, length);
        size += length;
    }

    /** Returns the whole body. */
    Bytes content() {
        return Bytes.copyOf(content, 0, size);
    }

    /** Returns its bytes to the budget. */
    void release() {
        budget.addAndGet(reserved);
        reserved = 0;
        content = new byte[0];
        size = 0;
    }
}
