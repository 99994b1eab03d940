package io.kad.sim.network;

/** Thrown when a message cannot be encoded or decoded, or exceeds a limit of its size. */
public final class CodecException extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * Creates a failure.
     *
     * @param message what is wrong, with the value, in one line
     */
    public CodecException(String message) {
        super(message);
    }

    /** Creates a failure with the message of {@code cause}. */
    public CodecException(Exception cause) {
        super(cause.getMessage(), cause);
    }
}
