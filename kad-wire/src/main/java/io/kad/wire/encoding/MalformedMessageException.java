package io.kad.wire.encoding;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Bytes of a peer that are not what they have to be.
 *
 * <p>It is the fault of one stream at most: the stream is reset, the connection goes on.
 */
public final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** What is wrong, for counting and for tests. */
    public enum Reason {
        /** The bytes end early, or are no protobuf of this form. */
        NOT_PROTOBUF,
        /** The message is of a kind that is not known. */
        UNKNOWN_TYPE,
        /** A field that has to be there is not. */
        MISSING_FIELD,
        /** A key of a record or a content is empty, too long, or not that of its record. */
        BAD_KEY,
        /** The answer is not of the kind that was asked for. */
        UNEXPECTED_RESPONSE_TYPE,
        /** The record in the answer is not the one that was asked for, or sent. */
        UNEXPECTED_RECORD,
        /** A public or private key is of no known type, is broken, or is weaker or longer than allowed. */
        BAD_IDENTITY_KEY,
        /** A signature is not by the key that it should be by. */
        BAD_SIGNATURE,
        /** What is signed speaks of another peer than the one that signed it. */
        PEER_MISMATCH,
        /** The message holds more bytes than its kind may. */
        TOO_LARGE
    }

    public MalformedMessageException(Reason reason, String message) {
        this(reason, message, null);
    }

    MalformedMessageException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = requireNonNull(reason, "reason");
    }

    /** Returns what is wrong. */
    public Reason reason() {
        return reason;
    }
}
