package io.kad.node.option;

/** Something a person gave that can't be used; its message is one clear line. */
public final class InputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Makes an exception that names the argument and what is accepted. */
    public InputException(String message) {
        super(message);
    }

    /** Makes an exception with a cause. */
    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
