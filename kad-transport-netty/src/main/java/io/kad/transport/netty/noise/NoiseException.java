package io.kad.transport.netty.noise;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.transport.netty.security.HandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Failure of a handshake or of a secured connection, which is being closed. A retry on a new connection is safe.
 *
 * <p>Usually caused by the remote peer, so it carries no stack trace.
 */
public final class NoiseException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Kind of failure. */
    public enum Reason {
        /** A message or record has an invalid length, or its content cannot be parsed. */
        MALFORMED,
        /** A handshake message is longer, or a key of another kind or size, than accepted. */
        LIMIT,
        /** Too many signatures of remote peers wait to be checked. */
        OVERLOADED,
        /** A message or record was forged, damaged, or encrypted with another key. */
        BAD_TAG,
        /** A public key of the remote peer makes the shared secret public. */
        WEAK_KEY,
        /** The remote peer did not prove that its identity belongs to this connection. */
        BAD_SIGNATURE,
        /** The remote peer is not the peer that was dialled. */
        WRONG_PEER,
        /** The remote peer has the identity of the local peer. */
        LOCAL_PEER,
        /** Both peers listed their stream muxers, and have none in common. */
        NO_COMMON_MUXER,
        /** The channel was closed before the handshake finished. */
        CLOSED,
        /** A local handler failed. */
        INTERNAL
    }

    private final Reason reason;

    /** Creates a failure without a cause. */
    public NoiseException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Creates a failure with a cause. */
    public NoiseException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.reason = requireNonNull(reason, "reason");
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /**
     * Returns this failure as that of any security protocol.
     *
     * @param channelBinding bytes that identify the connection at both of its ends, if the reason is {@link Reason#LOCAL_PEER}
     */
    HandshakeException toHandshakeException(@Nullable Bytes channelBinding) {
        HandshakeException.Reason general = switch (reason) {
            case MALFORMED, BAD_TAG, WEAK_KEY, BAD_SIGNATURE, NO_COMMON_MUXER -> HandshakeException.Reason.REFUSED;
            case LIMIT -> HandshakeException.Reason.LIMIT;
            case OVERLOADED -> HandshakeException.Reason.OVERLOADED;
            case WRONG_PEER -> HandshakeException.Reason.WRONG_PEER;
            case LOCAL_PEER -> HandshakeException.Reason.LOCAL_PEER;
            case CLOSED -> HandshakeException.Reason.CLOSED;
            case INTERNAL -> HandshakeException.Reason.INTERNAL;
        };
        return new HandshakeException(general, this, channelBinding);
    }
}
