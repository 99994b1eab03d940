package io.kad.node.http;

import io.kad.api.id.Bytes;
import io.kad.node.http.limit.ByteBudget;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Body of a request while it is received; its bytes are taken from the budget of the server. Confined to one thread. */
final class RequestBody {

    private final int maxBytes;
    private final ByteBudget budget;
    private byte[] content = new byte[0];
    private int size;
    private int reserved;

    /** Creates a body of at most {@code maxBytes}; {@code budget} is that of all bodies. */
    RequestBody(int maxBytes, ByteBudget budget) {
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    /** Adds the readable bytes of {@code part}. */
    void add(ByteBuf part) throws HttpException {
        int length = part.readableBytes();
        if (length > maxBytes - size) {
            throw RequestHead.tooLarge(maxBytes);
        }
        if (!budget.tryReserve(length)) {
            throw Refusals.overloaded("request bodies");
        }
        reserved += length;
        if (length > content.length - size) {
            content = Arrays.copyOf(content, Math.min(maxBytes, Math.max(2 * content.length, size + length)));
        }
        part.readBytes(content, size, length);
        size += length;
    }

    /** Returns the whole body, once. */
    Bytes content() {
        Bytes whole = Bytes.copyOf(content, 0, size);
        content = new byte[0];
        size = 0;
        return whole;
    }

    /** Returns its bytes to the budget. */
    void release() {
        budget.release(reserved);
        reserved = 0;
        content = new byte[0];
        size = 0;
    }
}
