package io.kad.transport.netty.yamux.frame;

import java.io.IOException;

/**
 * A failure of the multiplexer, typed by how far it reaches: one stream, or the connection with all its streams.
 *
 * <p>It carries no stack trace: its cause is on the other side of the wire, and a peer could make us fill in many.
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
