package io.kad.transport.netty.noise;

/**
 * Sizes of the last messages of a connection, from which the buffer of the next one gets its first capacity, so that it need not grow. Not
 * thread-safe.
 */
final class MessageSizes {

    private int last;
    private int beforeLast;

    /** Adds the size of a message that is complete, in bytes. */
    void add(int bytes) {
        beforeLast = last;
        last = bytes;
    }

    /**
     * Returns the expected size of the next message: the smaller one of the last two. So a remote peer that is sent large and small messages by turns
     * does not make the local peer hold large buffers with small messages in them.
     */
    int expected() {
        return Math.min(last, beforeLast);
    }
}
