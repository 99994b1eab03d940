package io.kad.transport.netty.multistream;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Why a negotiation came to no agreement; its channel is being closed.
 *
 * <p>It is a value that is passed to a {@link NegotiationListener}, so it carries no stack trace.
 */
public final class NegotiationException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kinds of failure. */
    public enum Reason {
        /** The remote supports none of the proposed protocols. */
        REFUSED,
        /** The remote broke the protocol. */
        MALFORMED,
        /** The remote sent more messages or bytes than a negotiation may take. */
        LIMIT,
        /** The time for the negotiation was over. */
        TIMEOUT,
        /** The channel was closed, or the remote stopped sending, before an agreement. */
        CLOSED,
        /** A handler on this side failed. */
        INTERNAL
    }

    private final Reason reason;

    /** Makes a failure without a cause. */
    public NegotiationException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Makes a failure that comes from another one. */
    public NegotiationException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.reason = requireNonNull(reason, "reason");
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }
}
