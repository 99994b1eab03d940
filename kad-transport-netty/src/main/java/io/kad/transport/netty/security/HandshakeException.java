package io.kad.transport.netty.security;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Failure of a handshake; its cause is the failure of the security protocol.
 *
 * <p>Passed to a {@link HandshakeListener} as a value, so it carries no stack trace.
 */
public final class HandshakeException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Kind of failure. */
    public enum Reason {
        /** The remote peer violated the protocol, or did not prove its identity. */
        REFUSED,
        /** The remote peer exceeded a limit: a message is longer, or a key of another kind or size, than is accepted. */
        LIMIT,
        /** Too many signatures of remote peers wait to be checked by the local one. */
        OVERLOADED,
        /** The remote peer is not the dialled one. */
        WRONG_PEER,
        /** The remote peer has the identity of the local peer. */
        LOCAL_PEER,
        /** The remote peer closed the connection, or it was lost. */
        CLOSED,
        /** A local handler failed, which is a defect; see the cause. */
        INTERNAL
    }

    private final Reason reason;
    private final transient @Nullable Bytes channelBinding;

    /** Creates a failure. */
    public HandshakeException(Reason reason, Exception cause) {
        this(reason, cause, null);
    }

    /**
     * Creates a failure.
     *
     * @param channelBinding bytes that identify the connection at both of its ends, if the reason is {@link Reason#LOCAL_PEER}
     */
    public HandshakeException(Reason reason, Exception cause, @Nullable Bytes channelBinding) {
        super(cause.getMessage(), cause, false, false);
        this.reason = requireNonNull(reason, "reason");
        this.channelBinding = channelBinding;
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /**
     * Returns the channel binding: bytes that identify the connection, equal at both of its ends and unlike those of any other one, such as the
     * hash of a Noise handshake; empty unless the remote peer has the identity of the local one.
     *
     * @see <a href="https://noiseprotocol.org/noise.html#channel-binding">Noise, channel binding</a>
     */
    public Optional<Bytes> channelBinding() {
        return Optional.ofNullable(channelBinding);
    }
}
