package io.kad.transport.netty.tls;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
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
        /** The handshake took too long. */
        TIMEOUT,
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

    /** Returns the failure that {@code thrown} is, or that a library has wrapped in it; empty if there is none. */
    public static Optional<TlsException> in(Throwable thrown) {
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
