package io.kad.transport.netty.yamux;

import io.kad.transport.netty.yamux.frame.YamuxConnectionException;

/** The credit that the peer gave us on one stream: how many bytes we may still send. */
final class SendWindow {

    private static final long MAX = 0xffff_ffffL;

    private long credit = YamuxLimits.WINDOW;

    boolean isEmpty() {
        return credit == 0;
    }

    /** Takes credit for up to {@code wanted} bytes, and returns for how many. */
    int consume(int wanted) {
        int taken = (int) Math.min(wanted, credit);
        credit -= taken;
        return taken;
    }

    /**
     * Adds credit.
     *
     * @throws YamuxConnectionException if the sum does not fit into 32 bits
     */
    void add(long bytes) throws YamuxConnectionException {
        if (bytes > MAX - credit) {
            throw YamuxConnectionException.protocolError("send window overflow");
        }
        credit += bytes;
    }
}
