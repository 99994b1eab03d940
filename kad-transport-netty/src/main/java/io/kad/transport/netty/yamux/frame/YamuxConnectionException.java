package io.kad.transport.netty.yamux.frame;

/** Failure of a connection and of all its streams. A retry on another connection is safe for idempotent requests. */
public final class YamuxConnectionException extends YamuxException {

    /** Go-away code: normal close. */
    public static final long CODE_NORMAL = 0;

    /** Go-away code: protocol violation. */
    public static final long CODE_PROTOCOL_ERROR = 1;

    /** Go-away code: internal error of the sender. */
    public static final long CODE_INTERNAL_ERROR = 2;

    private static final long serialVersionUID = 1L;

    private final long code;

    private YamuxConnectionException(long code, String message) {
        super(message);
        this.code = code;
    }

    /** Returns the failure for a protocol violation of the remote peer. */
    public static YamuxConnectionException protocolError(String message) {
        return new YamuxConnectionException(CODE_PROTOCOL_ERROR, "protocol error: " + message);
    }

    /** Returns the failure for an internal error of the local peer. */
    public static YamuxConnectionException internalError(Throwable cause) {
        YamuxConnectionException e = new YamuxConnectionException(CODE_INTERNAL_ERROR, "internal error: " + cause);
        e.initCause(cause);
        return e;
    }

    /** Returns the failure for a go-away frame of the remote peer. */
    public static YamuxConnectionException goAway(long code) {
        return new YamuxConnectionException(code, "go-away from the remote peer, code " + code);
    }

    /** Returns the failure of a connection that was closed or lost. */
    public static YamuxConnectionException closed(String message) {
        return new YamuxConnectionException(CODE_NORMAL, message);
    }

    /** Returns the go-away code, an unsigned 32-bit number. */
    public long code() {
        return code;
    }
}
