package io.kad.transport.netty.yamux.frame;

/** The flag bits of a frame; any combination of them is legal. */
public final class YamuxFlags {

    public static final int NONE = 0;

    /** Opens a stream, or asks for a pong. */
    public static final int SYN = 1;

    /** Takes a stream that the receiver opened, or is a pong. */
    public static final int ACK = 2;

    /** Ends the sender's direction of the stream. */
    public static final int FIN = 4;

    /** Ends both directions of the stream at once. */
    public static final int RST = 8;

    private YamuxFlags() {}

    public static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }
}
