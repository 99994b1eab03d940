package io.kad.transport.netty.yamux.frame;

/** Flag bits of a frame; any combination is legal. */
public final class YamuxFlags {

    /** No flag. */
    public static final int NONE = 0;

    /** Opens a stream, or requests a pong. */
    public static final int SYN = 1;

    /** Acknowledges a stream that the receiver opened, or marks a pong. */
    public static final int ACK = 2;

    /** Half-closes the stream: ends the direction of the sender. */
    public static final int FIN = 4;

    /** Resets the stream: ends both directions. */
    public static final int RST = 8;

    private YamuxFlags() {}

    /** Returns whether {@code flags} contains {@code flag}. */
    public static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }
}
