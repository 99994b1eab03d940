package io.kad.wire.encoding;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when received bytes violate their format.
 *
 * <p>Its scope is one stream at most: the stream is reset, the connection continues. A retry with the same peer is
 * likely to fail again.
 */
public final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** Kind of violation, for metrics and tests. */
    public enum Reason {
        /** The bytes are truncated, or not protobuf. */
        NOT_PROTOBUF,
        /** The type of the message is unknown. */
        UNKNOWN_TYPE,
        /** A required field is missing. */
        MISSING_FIELD,
        /** The key of a record or a content is empty, too long, or does not match the record. */
        BAD_KEY,
        /** The type of the response does not match the request. */
        UNEXPECTED_RESPONSE_TYPE,
        /** The record in the response does not match the request. */
        UNEXPECTED_RECORD,
        /** A public or private key has an unknown type, is invalid, or is weaker or longer than allowed. */
        BAD_IDENTITY_KEY,
        /** A signature is invalid. */
        BAD_SIGNATURE,
        /** The signed content belongs to another peer than the signer. */
        PEER_MISMATCH,
        /** The message exceeds the size limit of its type. */
        TOO_LARGE
    }

    /**
     * Creates a failure.
     *
     * @param message what is wrong, with the value, in one line
     */
    public MalformedMessageException(Reason reason, String message) {
        this(reason, message, null);
    }

    MalformedMessageException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = requireNonNull(reason, "reason");
    }

    /** Returns the kind of violation. */
    public Reason reason() {
        return reason;
    }
}
