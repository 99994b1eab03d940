package io.kad.transport.netty.muxer;

import java.io.IOException;

/**
 * Failure of a stream or of its connection; its type is its scope and its cause.
 *
 * <p>It carries no stack trace: its cause is remote, and a peer could provoke many.
 */
public abstract sealed class MuxerException extends IOException
        permits StreamResetException, StreamLimitException, ConnectionLostException {

    private static final long serialVersionUID = 1L;

    private final long code;

    MuxerException(String message, long code) {
        super(message);
        this.code = code;
    }

    /** Returns the code of the remote peer, or for it, an unsigned 32-bit number; {@link ErrorCode#NONE} if there is none. */
    public final long code() {
        return code;
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing to guard
    public final Throwable fillInStackTrace() {
        return this;
    }
}
