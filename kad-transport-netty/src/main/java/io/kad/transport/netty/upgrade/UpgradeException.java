package io.kad.transport.netty.upgrade;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Why a connection was not upgraded; it is being closed.
 *
 * <p>It is a value that is passed to an {@link UpgradeListener}, so it carries no stack trace.
 */
public final class UpgradeException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kinds of failure. */
    public enum Reason {
        /** The time for the upgrade was over. */
        TIMEOUT,
        /** The remote closed the connection, or it broke. */
        CLOSED,
        /** The remote sent too much before it was authenticated. */
        LIMIT,
        /** No agreement on {@code /noise} or on a muxer; the cause is a {@code NegotiationException}. */
        NEGOTIATION,
        /** The handshake failed; the cause is a {@code NoiseException}. */
        SECURITY,
        /** The remote proved to be another peer than the one that was dialled; the cause is a {@code NoiseException}. */
        WRONG_PEER,
        /** A handler on this side failed, which is a defect; the cause says where. */
        INTERNAL
    }

    private final Reason reason;

    /** Makes a failure. */
    public UpgradeException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.reason = requireNonNull(reason, "reason");
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }
}
