package io.kad.transport.netty.yamux.frame;

import org.jspecify.annotations.Nullable;

/** What a frame is about. */
public enum YamuxFrameType {
    /** Bytes of a stream; the length field counts them. */
    DATA(0),
    /** Credit for the receiver of the frame; the length field is the credit in bytes. */
    WINDOW_UPDATE(1),
    /** A sign of life; the length field is an opaque value that the pong repeats. */
    PING(2),
    /** The end of the connection; the length field is the reason. */
    GO_AWAY(3);

    private final int code;

    YamuxFrameType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** Returns the type of this code, or null if there is none. */
    static @Nullable YamuxFrameType of(int code) {
        return switch (code) {
            case 0 -> DATA;
            case 1 -> WINDOW_UPDATE;
            case 2 -> PING;
            case 3 -> GO_AWAY;
            default -> null;
        };
    }
}
