package io.kad.node.option;

import io.kad.api.id.Quoting;
import io.kad.api.text.FileFailure;
import io.kad.api.text.UnknownName;
import java.io.IOException;
import java.util.Collection;

/** Refusal of an argument of the user; its message is one line that names the argument and the allowed values. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates a refusal with any message; the factory methods below are preferred. */
    public UsageException(String message) {
        super(message);
    }

    /** Creates a refusal with any message and a cause. */
    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Returns the refusal of a malformed value: {@code invalid key 'hello': expected /namespace/name}. */
    public static UsageException invalid(String what, String value, String expected) {
        return new UsageException("invalid " + what + " " + Quoting.text(value) + ": expected " + expected);
    }

    /** Returns the refusal of a value outside its range: {@code --timeout must be greater than 0, got 0s}. */
    public static UsageException outOfRange(String what, String range, String value) {
        return new UsageException(what + " must be " + range + ", got " + value);
    }

    /** Returns the refusal of a name outside a known set: {@code unknown run 'x' for --run; known: a, b}. */
    public static UsageException unknown(String kind, String name, String option, Collection<String> known) {
        return new UsageException(UnknownName.message(kind, name, option, known));
    }

    /**
     * Returns the failure of a file that can't be used: {@code cannot read --config kad.properties: no such file or directory}.
     *
     * @param action what failed, such as {@code read --config kad.properties}
     */
    public static UsageException cannot(String action, IOException cause) {
        return new UsageException("cannot " + action + ": " + FileFailure.reason(cause), cause);
    }
}
