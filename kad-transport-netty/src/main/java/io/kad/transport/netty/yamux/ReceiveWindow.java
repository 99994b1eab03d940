package io.kad.transport.netty.yamux;

import io.kad.transport.netty.yamux.frame.YamuxConnectionException;

/** The credit that we gave the peer on one stream, and what we owe it for bytes that were consumed since. */
final class ReceiveWindow {

    private static final int UPDATE_THRESHOLD = YamuxLimits.WINDOW / 2;

    private int credit = YamuxLimits.WINDOW;
    private int owed;

    /**
     * Uses credit for a payload that arrives.
     *
     * @throws YamuxConnectionException if the peer had no credit for all of it
     */
    void receive(long bytes) throws YamuxConnectionException {
        if (bytes > credit) {
            throw YamuxConnectionException.protocolError("payload of " + bytes + " bytes, window " + credit);
        }
        credit -= (int) bytes;
    }

    /**
     * Notes that the reader has consumed bytes, and returns the credit to send now.
     *
     * @return 0 until at least half of a full window is owed: small updates cost more than they help
     */
    int release(int bytes) {
        owed += bytes;
        if (owed < UPDATE_THRESHOLD) {
            return 0;
        }
        int update = owed;
        owed = 0;
        credit += update;
        return update;
    }
}
