package io.kad.transport.netty.yamux.frame;

import io.kad.transport.netty.muxer.ConnectionLostException;

/** End of a Yamux connection, with the code of its go-away frame. */
public final class YamuxConnectionException extends ConnectionLostException {

    /** Go-away code: normal close. */
    public static final long CODE_NORMAL = 0;

    /** Go-away code: protocol violation. */
    public static final long CODE_PROTOCOL_ERROR = 1;

    /** Go-away code: internal error of the sender. */
    public static final long CODE_INTERNAL_ERROR = 2;

    private static final long serialVersionUID = 1L;

    private YamuxConnectionException(long code, String message) {
        super(message, code);
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

    /** Returns the failure of a connection that was lost. */
    public static YamuxConnectionException closed(String message) {
        return new YamuxConnectionException(CODE_NORMAL, message);
    }

    /** Returns the failure of a connection that the local peer closes with {@code code}. */
    public static YamuxConnectionException closedLocally(long code) {
        return new YamuxConnectionException(code, "connection closed by the local peer");
    }
}
