package io.kad.transport.netty.yamux.frame;

/** The abrupt end, or the refusal, of one stream; the connection and its other streams go on. */
public final class YamuxStreamException extends YamuxException {

    /** The code of a reset without a particular reason. */
    public static final long CODE_NONE = 0;

    /** The code of a reset because a limit was reached; the other side should back off. */
    public static final long CODE_RESOURCE_LIMIT = 0x1002;

    private static final long serialVersionUID = 1L;

    private final long code;
    private final boolean byPeer;

    private YamuxStreamException(String message, long code, boolean byPeer) {
        super(message);
        this.code = code;
        this.byPeer = byPeer;
    }

    public static YamuxStreamException resetByPeer(long code) {
        return new YamuxStreamException("stream reset by the peer, code " + code, code, true);
    }

    public static YamuxStreamException limit(String message) {
        return new YamuxStreamException(message, CODE_RESOURCE_LIMIT, false);
    }

    /** Returns the code of the reset, an unsigned 32-bit number; {@link #CODE_NONE} if the peer gave none. */
    public long code() {
        return code;
    }

    /** Returns whether the peer reset the stream, rather than this side. */
    public boolean byPeer() {
        return byPeer;
    }
}
