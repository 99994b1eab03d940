package io.kad.transport.netty.yamux.frame;

import org.jspecify.annotations.Nullable;

/** Type of a frame. */
public enum YamuxFrameType {
    /** Payload of a stream; the length field is its size in bytes. */
    DATA(0),
    /** Credit for the receiver; the length field is the credit in bytes. */
    WINDOW_UPDATE(1),
    /** Ping or pong; the length field is an opaque value that the pong repeats. */
    PING(2),
    /** End of the connection; the length field is the go-away code. */
    GO_AWAY(3);

    private final int code;

    YamuxFrameType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** Returns the type with this code, or null if it is unknown. */
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
