package io.kad.api.spi.transport;

import static java.util.Objects.requireNonNull;

/**
 * Why something asked of a transport did not happen.
 *
 * @param kind what went wrong, for programs
 * @param message what went wrong, in one line for people
 */
public record TransportFailure(Kind kind, String message) {

    /** The kinds of failure. */
    public enum Kind {
        /** No address of the peer could be reached, or there was none to try. */
        UNREACHABLE,
        /** The peer that answered is not the one that was dialled. */
        WRONG_PEER,
        /** The peer does not speak the protocol. */
        UNSUPPORTED,
        /** The peer reset the stream, or ended it before answering. */
        RESET,
        /** The time given was over. */
        TIMEOUT,
        /** The answer was malformed, too large, or did not fit the request. */
        INVALID,
        /** A limit of this peer or of the transport was reached; trying later may succeed. */
        OVERLOADED,
        /** The message is larger than the limit for what is sent. */
        TOO_LARGE,
        /** The caller cancelled. */
        CANCELLED,
        /** The address cannot be used: not one of this transport, or already taken. */
        BAD_ADDRESS,
        /** The transport or the connection was closed. */
        CLOSED
    }

    public TransportFailure {
        requireNonNull(kind, "kind");
        requireNonNull(message, "message");
    }

    @Override
    public String toString() {
        return kind + ": " + message;
    }
}
