package io.kad.transport.netty.dial;

import io.kad.api.spi.transport.TransportFailure;

/**
 * Failure of a dial. Without a stack trace, because an unreachable peer is not an error of the local peer. A retry may
 * succeed.
 */
public final class DialException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient TransportFailure failure;

    DialException(TransportFailure failure) {
        super(failure.toString(), null, false, false);
        this.failure = failure;
    }

    /** Returns the cause: that of the address that failed last, or the limit that was reached. */
    public TransportFailure failure() {
        return failure;
    }
}
