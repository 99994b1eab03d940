package io.kad.node.option;

/** Something a person gave that can't be used; its message is one clear line. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Makes an exception that names the argument and what is accepted. */
    public UsageException(String message) {
        super(message);
    }

    /** Makes an exception with a cause. */
    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
