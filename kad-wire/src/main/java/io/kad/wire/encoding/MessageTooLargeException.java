package io.kad.wire.encoding;

import io.kad.api.ConfigOption;

/**
 * Thrown when a message to be sent exceeds its size limit, even without its optional parts. A retry fails unless the
 * limit is raised.
 */
public final class MessageTooLargeException extends Exception {

    private static final long serialVersionUID = 1;

    private final int size;
    private final int limit;

    /**
     * Creates a failure.
     *
     * @param what name of the message, such as {@code identify message}
     * @param size size of the message, in bytes
     * @param limit size limit, in bytes
     */
    public MessageTooLargeException(String what, int size, int limit) {
        this(size, limit, text(what, size, limit));
    }

    /** Creates a failure whose limit is the value of {@code option}. */
    public MessageTooLargeException(String what, int size, int limit, ConfigOption<Integer> option) {
        this(size, limit, text(what, size, limit) + " (" + option.name() + ")");
    }

    private MessageTooLargeException(int size, int limit, String message) {
        super(message);
        this.size = size;
        this.limit = limit;
    }

    private static String text(String what, int size, int limit) {
        return what + " of " + size + " bytes exceeds the limit of " + limit;
    }

    /** Returns the size of the message, in bytes. */
    public int size() {
        return size;
    }

    /** Returns the size limit, in bytes. */
    public int limit() {
        return limit;
    }
}
