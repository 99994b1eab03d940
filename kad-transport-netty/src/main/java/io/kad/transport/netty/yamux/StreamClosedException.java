package io.kad.transport.netty.yamux;

import java.io.Serial;
import java.nio.channels.ClosedChannelException;

/** Failure of a write to a stream that the local peer has closed; without a stack trace, as every stream ends with one, and few have a write that fails. */
final class StreamClosedException extends ClosedChannelException {

    @Serial
    private static final long serialVersionUID = 1;

    StreamClosedException() {}

    @Override
    public String getMessage() {
        return "the local peer has closed the stream";
    }

    /** Adds no stack trace. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
