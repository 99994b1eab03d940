package io.kad.transport.netty.noise;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Why a connection could not be secured, or is no longer secure; it is being closed.
 *
 * <p>It tells of a remote's misbehaviour, so it carries no stack trace.
 */
public final class NoiseException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kinds of failure. */
    public enum Reason {
        /** A message or record has an impossible length, or what it holds cannot be parsed. */
        MALFORMED,
        /** A message or record was forged, damaged, or encrypted with another key. */
        BAD_TAG,
        /** A public key of the remote's lets anyone know the shared secret. */
        WEAK_KEY,
        /** The remote did not prove that its identity belongs to this connection. */
        BAD_SIGNATURE,
        /** The remote is not the peer that was dialled. */
        WRONG_PEER,
        /** The remote has this peer's own identity. */
        LOCAL_PEER,
        /** Both sides named the stream muxers they speak, and there is none in common. */
        NO_COMMON_MUXER,
        /** The channel was closed before the handshake ended. */
        CLOSED,
        /** A handler on this side failed. */
        INTERNAL
    }

    private final Reason reason;

    /** Makes a failure without a cause. */
    public NoiseException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Makes a failure that comes from another one. */
    public NoiseException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.reason = requireNonNull(reason, "reason");
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }
}
