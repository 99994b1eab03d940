package io.kad.transport.netty.yamux.frame;

/**
 * Failure of one stream: reset or refused; the connection and its other streams continue. A retry on another stream is
 * safe for idempotent requests.
 */
public final class YamuxStreamException extends YamuxException {

    /** Reset code: no particular reason. */
    public static final long CODE_NONE = 0;

    /** Reset code: a limit was reached; the other peer should back off. */
    public static final long CODE_RESOURCE_LIMIT = 0x1002;

    private static final long serialVersionUID = 1L;

    private final long code;
    private final boolean localLimit;

    private YamuxStreamException(String message, long code, boolean localLimit) {
        super(message);
        this.code = code;
        this.localLimit = localLimit;
    }

    /** Returns the failure for a reset by the remote peer. */
    public static YamuxStreamException resetByPeer(long code) {
        return new YamuxStreamException("stream reset by the remote peer, code " + code, code, false);
    }

    /** Returns the failure of a stream that exceeds a limit of the local peer. */
    public static YamuxStreamException limit(String message) {
        return new YamuxStreamException(message, CODE_RESOURCE_LIMIT, true);
    }

    /** Returns whether the stream exceeds a limit of the local peer; a later retry may succeed. */
    public boolean isLocalLimit() {
        return localLimit;
    }

    /** Returns the reset code, an unsigned 32-bit number; {@link #CODE_NONE} if there was none. */
    public long code() {
        return code;
    }
}
