package io.kad.transport.netty.yamux.frame;

/** The end of a connection and of all streams on it. */
public final class YamuxConnectionException extends YamuxException {

    /** The connection was closed in good order. */
    public static final long CODE_NORMAL = 0;

    /** The peer broke the protocol. */
    public static final long CODE_PROTOCOL_ERROR = 1;

    /** The sender of the code failed by its own fault. */
    public static final long CODE_INTERNAL_ERROR = 2;

    private static final long serialVersionUID = 1L;

    private final long code;

    private YamuxConnectionException(long code, String message) {
        super(message);
        this.code = code;
    }

    public static YamuxConnectionException protocolError(String message) {
        return new YamuxConnectionException(CODE_PROTOCOL_ERROR, "protocol error: " + message);
    }

    public static YamuxConnectionException internalError(Throwable cause) {
        YamuxConnectionException e = new YamuxConnectionException(CODE_INTERNAL_ERROR, "internal error: " + cause);
        e.initCause(cause);
        return e;
    }

    public static YamuxConnectionException goAway(long code) {
        return new YamuxConnectionException(code, "the peer went away, code " + code);
    }

    public static YamuxConnectionException closed(String message) {
        return new YamuxConnectionException(CODE_NORMAL, message);
    }

    /** Returns the reason as an unsigned 32-bit number, as it stands in the frame that ends a connection. */
    public long code() {
        return code;
    }
}
