package io.kad.transport.netty.yamux;

import io.kad.transport.netty.yamux.frame.YamuxConnectionException;

/** Receive window of one stream: credit of the remote peer, and credit to return for consumed bytes. */
final class ReceiveWindow {

    private static final int UPDATE_THRESHOLD = YamuxLimits.INITIAL_WINDOW_BYTES / 2;

    private int credit = YamuxLimits.INITIAL_WINDOW_BYTES;
    private int deliveredBytes;

    /**
     * Consumes credit for an arriving payload.
     *
     * @throws YamuxConnectionException if the payload exceeds the credit
     */
    void consume(long bytes) throws YamuxConnectionException {
        if (bytes > credit) {
            throw YamuxConnectionException.protocolError(
                    "payload of " + bytes + " bytes exceeds the receive window of " + credit);
        }
        credit -= (int) bytes;
    }

    /**
     * Adds consumed bytes to the credit to return, and returns the credit to send now.
     *
     * @return 0 until half of a full window has accumulated, because small updates cost more than they help
     */
    int takeUpdate(int bytes) {
        deliveredBytes += bytes;
        if (deliveredBytes < UPDATE_THRESHOLD) {
            return 0;
        }
        int update = deliveredBytes;
        deliveredBytes = 0;
        credit += update;
        return update;
    }
}
