package io.kad.wire.encoding;

/** A message of our own that does not fit into what may be sent, even after everything that can be left out is. */
public final class MessageTooLargeException extends Exception {

    private static final long serialVersionUID = 1;

    private final int size;
    private final int limit;

    public MessageTooLargeException(String what, int size, int limit) {
        super(what + " takes " + size + " bytes, more than the " + limit + " that may be sent");
        this.size = size;
        this.limit = limit;
    }

    /** Returns how many bytes it takes. */
    public int size() {
        return size;
    }

    /** Returns how many bytes it may take. */
    public int limit() {
        return limit;
    }
}
