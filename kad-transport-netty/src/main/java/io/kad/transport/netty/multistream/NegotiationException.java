package io.kad.transport.netty.multistream;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Failure of a negotiation; its channel is being closed. A retry on another channel is safe.
 *
 * <p>Passed to a {@link NegotiationListener} as a value, so it carries no stack trace.
 */
public final class NegotiationException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Kind of failure. */
    public enum Reason {
        /** The remote peer supports none of the proposed protocols. */
        REFUSED,
        /** The remote peer violated the protocol. */
        MALFORMED,
        /** The remote peer sent more messages or bytes than the limits allow. */
        LIMIT,
        /** The negotiation timed out. */
        TIMEOUT,
        /** The channel was closed or half-closed before an agreement. */
        CLOSED,
        /** A local handler failed. */
        INTERNAL
    }

    private final Reason reason;

    /** Creates a failure without a cause. */
    public NegotiationException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Creates a failure with a cause. */
    public NegotiationException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.reason = requireNonNull(reason, "reason");
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }
}
