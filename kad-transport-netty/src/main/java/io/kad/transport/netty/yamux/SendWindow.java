package io.kad.transport.netty.yamux;

import io.kad.transport.netty.yamux.frame.YamuxConnectionException;

/** Send window of one stream: bytes that the remote peer still accepts. */
final class SendWindow {

    private static final long MAX = 0xffff_ffffL;

    private long credit = YamuxLimits.INITIAL_WINDOW_BYTES;

    boolean isEmpty() {
        return credit == 0;
    }

    /** Consumes credit for up to {@code maxBytes} bytes, and returns the number of bytes. */
    int consume(int maxBytes) {
        int bytes = (int) Math.min(maxBytes, credit);
        credit -= bytes;
        return bytes;
    }

    /**
     * Adds credit.
     *
     * @throws YamuxConnectionException if the sum does not fit into 32 bits
     */
    void add(long bytes) throws YamuxConnectionException {
        if (bytes > MAX - credit) {
            throw YamuxConnectionException.protocolError("send window exceeds 32 bits");
        }
        credit += bytes;
    }
}
