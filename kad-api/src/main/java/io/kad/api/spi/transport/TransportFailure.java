package io.kad.api.spi.transport;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Failure of a transport operation. Immutable.
 *
 * <p>Repeating a request is safe after each kind: a read changes nothing, and a repeated write changes only the expiry. The remote peer may
 * have handled a request that failed with {@code RESET}, {@code TIMEOUT}, {@code INVALID}, {@code CANCELLED} or {@code CLOSED}.
 *
 * @param kind the cause, for programs
 * @param message the cause, in one line for people
 * @param dial the step of a dial that failed; empty if something else failed, or the transport does not tell
 */
public record TransportFailure(Kind kind, String message, Optional<DialFailure> dial) {

    /** Kind of a failure, and whether a retry can help. */
    public enum Kind {
        /** No address of the peer is known, or none could be dialled. A retry helps once the peer is reachable or has another address. */
        UNREACHABLE,
        /**
         * The host at each address that was dialled has refused the connection, or ended it before it was secured: the network works, but the
         * peer is not there, or has no room. A retry helps once it has.
         */
        REFUSED,
        /** The remote peer proved another peer ID than the one that was dialled. A retry at the same address fails again. */
        WRONG_PEER,
        /** The remote peer does not support the protocol. A retry fails again. */
        UNSUPPORTED,
        /** The remote peer reset the stream, or ended it before its response. A retry may succeed. */
        RESET,
        /** The timeout of the caller expired. A retry may succeed. */
        TIMEOUT,
        /** The response was malformed, too large, or of another kind than the request. A retry most likely fails again. */
        INVALID,
        /** A limit of the local peer or of its transport was reached. A later retry may succeed. */
        OVERLOADED,
        /** A {@link ConnectionGate} of the local peer refuses the peer or its addresses. A retry fails until it allows them. */
        GATED,
        /** The message exceeds {@link io.kad.api.KademliaConfig#MAX_SENT_MESSAGE_BYTES}. Nothing was sent; a retry fails again. */
        TOO_LARGE,
        /** The caller cancelled the operation, or closed its connection with {@link Transport#disconnect}. */
        CANCELLED,
        /** The transport does not support the address, or it is in use. A retry at the same address fails until it is free. */
        BAD_ADDRESS,
        /** The transport was closed, or the connection was lost, also when the request was repeated. A retry helps only if the transport is open. */
        CLOSED,
        /** The transport threw an exception or returned null, which is a defect of it; the message names its class. A retry may succeed. */
        DEFECT
    }

    public TransportFailure {
        requireNonNull(kind, "kind");
        requireNonNull(message, "message");
        requireNonNull(dial, "dial");
    }

    /** Creates a failure that is not one of a dial. */
    public TransportFailure(Kind kind, String message) {
        this(kind, message, Optional.empty());
    }

    @Override
    public String toString() {
        return kind + ": " + message;
    }
}
