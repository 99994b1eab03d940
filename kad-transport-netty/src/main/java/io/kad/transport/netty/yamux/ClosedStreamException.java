package io.kad.transport.netty.yamux;

import java.nio.channels.ClosedChannelException;

/** Failure of what is written to a stream that is closed. Without a stack trace, as each stream is closed at its end, and mostly nothing is written then. */
final class ClosedStreamException extends ClosedChannelException {

    private static final long serialVersionUID = 1;

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
