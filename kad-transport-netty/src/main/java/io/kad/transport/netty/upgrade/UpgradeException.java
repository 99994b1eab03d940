package io.kad.transport.netty.upgrade;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.spi.transport.DialFailure;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.security.HandshakeException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Failure of a connection upgrade; the connection is being closed. A retry on a new connection is safe.
 *
 * <p>Passed to an {@link UpgradeListener} as a value, so it carries no stack trace.
 */
public final class UpgradeException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Kind of failure. */
    public enum Reason {
        /** The upgrade timed out. */
        TIMEOUT,
        /** The remote peer closed the connection, or it was lost. */
        CLOSED,
        /** The remote peer sent too many bytes before it was authenticated. */
        LIMIT,
        /** Negotiation of a security protocol or of a muxer failed; the cause is a {@code NegotiationException}. */
        NEGOTIATION,
        /** The handshake failed; the cause is a {@code HandshakeException}. */
        SECURITY,
        /** The remote peer is not the dialled one; the cause is a {@code HandshakeException}. */
        WRONG_PEER,
        /** The remote peer has the identity of the local peer; the cause is a {@code HandshakeException}. */
        LOCAL_PEER,
        /** Too many signatures of remote peers wait to be checked by the local one. */
        OVERLOADED,
        /** A local handler failed, which is a defect; see the cause. */
        INTERNAL
    }

    private final Reason reason;
    private final Optional<DialFailure> dial;

    /** Creates a failure. */
    public UpgradeException(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, cause, dial(reason));
    }

    private UpgradeException(Reason reason, String message, @Nullable Throwable cause, Optional<DialFailure> dial) {
        super(message, cause, false, false);
        this.reason = requireNonNull(reason, "reason");
        this.dial = dial;
    }

    private static Optional<DialFailure> dial(Reason reason) {
        return Optional.ofNullable(
                switch (reason) {
                    case TIMEOUT -> DialFailure.SILENT;
                    case CLOSED -> DialFailure.CLOSED;
                    case LIMIT, NEGOTIATION -> DialFailure.OTHER_PROTOCOL;
                    case SECURITY -> DialFailure.HANDSHAKE_FAILED;
                    case WRONG_PEER -> DialFailure.WRONG_PEER;
                    case LOCAL_PEER -> DialFailure.LOCAL_PEER;
                    case OVERLOADED, INTERNAL -> null;
                });
    }

    /**
     * Returns the failure of an upgrade whose negotiation has failed.
     *
     * @param refused the failure of a dial whose proposals were all refused
     */
    static UpgradeException of(NegotiationException cause, DialFailure refused) {
        Reason reason = switch (cause.reason()) {
            case CLOSED -> Reason.CLOSED;
            case INTERNAL -> Reason.INTERNAL;
            case REFUSED, MALFORMED, LIMIT, TIMEOUT -> Reason.NEGOTIATION;
        };
        return new UpgradeException(
                reason,
                "upgrade failed: " + cause.getMessage(),
                cause,
                cause.reason() == NegotiationException.Reason.REFUSED ? Optional.of(refused) : dial(reason));
    }

    /** Returns the failure of an upgrade whose handshake has failed. */
    public static UpgradeException of(HandshakeException cause) {
        Reason reason = switch (cause.reason()) {
            case REFUSED, LIMIT -> Reason.SECURITY;
            case OVERLOADED -> Reason.OVERLOADED;
            case WRONG_PEER -> Reason.WRONG_PEER;
            case LOCAL_PEER -> Reason.LOCAL_PEER;
            case CLOSED -> Reason.CLOSED;
            case INTERNAL -> Reason.INTERNAL;
        };
        return new UpgradeException(reason, "upgrade failed: " + cause.getMessage(), cause);
    }

    /**
     * Returns the channel binding if the remote peer has the identity of the local one, and is empty otherwise; see {@link
     * HandshakeException#channelBinding}.
     */
    public Optional<Bytes> channelBinding() {
        return getCause() instanceof HandshakeException handshake ? handshake.channelBinding() : Optional.empty();
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** Returns what the failure is to the one who dialled; empty if it says nothing about the remote peer. */
    public Optional<DialFailure> dial() {
        return dial;
    }
}
