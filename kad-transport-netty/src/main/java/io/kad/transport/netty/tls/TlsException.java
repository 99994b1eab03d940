package io.kad.transport.netty.tls;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.transport.netty.security.HandshakeException;
import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Failure of a TLS handshake of libp2p; the connection is being closed. A retry on a new connection is safe.
 *
 * <p>Usually caused by the remote peer, so it carries no stack trace.
 */
public final class TlsException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Longest chain of causes that is searched. */
    private static final int MAX_CAUSES = 16;

    /** Kind of failure. */
    public enum Reason {
        /** A certificate cannot be parsed, is not valid now, or breaks a rule of libp2p; or the handshake broke the rules of TLS. */
        MALFORMED,
        /** A certificate is longer, or a key of another kind or size, than accepted. */
        LIMIT,
        /** Too many signatures of remote peers wait to be checked. */
        OVERLOADED,
        /** A signature in the certificate is invalid. */
        BAD_SIGNATURE,
        /** The remote peer is not the peer that was dialled. */
        WRONG_PEER,
        /** The remote peer has the identity of the local peer. */
        LOCAL_PEER,
        /** The peers have no application protocol (ALPN) in common. */
        NO_COMMON_PROTOCOL,
        /** The channel was closed before the handshake finished. */
        CLOSED,
        /** A local handler failed. */
        INTERNAL
    }

    private final Reason reason;

    /** Creates a failure without a cause. */
    public TlsException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Creates a failure with a cause. */
    public TlsException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.reason = requireNonNull(reason, "reason");
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** Returns the failure of a handshake that has ended with {@code cause}: a failure that a library has wrapped in it, or else its kind. */
    public static TlsException ofHandshake(Throwable cause) {
        return in(cause).orElseGet(() -> {
            Reason kind = cause instanceof SSLException
                    ? Reason.MALFORMED
                    : cause instanceof IOException ? Reason.CLOSED : Reason.INTERNAL;
            return new TlsException(kind, "handshake failed: " + cause.getMessage(), cause);
        });
    }

    /** Returns the failure of a check of the remote identity that has ended with {@code cause}. */
    public static TlsException ofCheck(Throwable cause) {
        return cause instanceof TlsException refused
                ? refused
                : new TlsException(Reason.INTERNAL, "cannot check the identity of the remote peer: " + cause, cause);
    }

    /**
     * Returns this failure as that of any security protocol.
     *
     * @param channelBinding bytes that identify the connection at both of its ends, if the reason is {@link Reason#LOCAL_PEER}; see {@link TlsIdentity#channelBinding}
     */
    HandshakeException toHandshakeException(@Nullable Bytes channelBinding) {
        HandshakeException.Reason general = switch (reason) {
            case MALFORMED, BAD_SIGNATURE, NO_COMMON_PROTOCOL -> HandshakeException.Reason.REFUSED;
            case LIMIT -> HandshakeException.Reason.LIMIT;
            case OVERLOADED -> HandshakeException.Reason.OVERLOADED;
            case WRONG_PEER -> HandshakeException.Reason.WRONG_PEER;
            case LOCAL_PEER -> HandshakeException.Reason.LOCAL_PEER;
            case CLOSED -> HandshakeException.Reason.CLOSED;
            case INTERNAL -> HandshakeException.Reason.INTERNAL;
        };
        return new HandshakeException(general, this, channelBinding);
    }

    /** Returns the failure that {@code thrown} is, or that a library has wrapped in it; empty if there is none. */
    private static Optional<TlsException> in(Throwable thrown) {
        Throwable current = thrown;
        for (int depth = 0; current != null && depth < MAX_CAUSES; depth++) {
            if (current instanceof TlsException found) {
                return Optional.of(found);
            }
            current = current.getCause();
        }
        return Optional.empty();
    }
}
