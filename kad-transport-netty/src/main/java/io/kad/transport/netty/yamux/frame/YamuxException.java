package io.kad.transport.netty.yamux.frame;

import java.io.IOException;

/**
 * Failure of the multiplexer; its type is its scope: one stream, or the connection with all its streams.
 *
 * <p>It carries no stack trace: its cause is remote, and a peer could provoke many.
 */
public abstract sealed class YamuxException extends IOException permits YamuxStreamException, YamuxConnectionException {

    private static final long serialVersionUID = 1L;

    YamuxException(String message) {
        super(message);
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing to guard
    public final Throwable fillInStackTrace() {
        return this;
    }
}
