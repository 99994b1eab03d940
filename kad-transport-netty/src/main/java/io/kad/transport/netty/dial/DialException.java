package io.kad.transport.netty.dial;

import io.kad.api.spi.transport.TransportFailure;

/** Carries why a peer was not reached through a future; without a stack trace, as it is no fault of ours. */
public final class DialException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient TransportFailure failure;

    DialException(TransportFailure failure) {
        super(failure.toString(), null, false, false);
        this.failure = failure;
    }

    /** Returns why. */
    public TransportFailure failure() {
        return failure;
    }
}
