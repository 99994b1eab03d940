package io.kad.transport.netty.hostile;

import java.io.EOFException;
import java.io.IOException;
import java.util.regex.Pattern;

/** The other side has ended the connection within its handshake, and this side has heard of it: no timeout, and no fault of this side. */
public final class RefusedByRemoteException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Messages for an alert or an end that came from the other side; those of the JDK come first. */
    private static final Pattern ENDED_BY_REMOTE = Pattern.compile(
            "Received fatal alert|Remote host terminated" + "|Connection reset|Broken pipe|closed by the other side");

    RefusedByRemoteException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Returns what to throw for the failure of a handshake over TCP: {@code failure} itself if it is not of the other side. */
    static IOException of(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof EOFException
                        || ENDED_BY_REMOTE.matcher(message).find()
                ? new RefusedByRemoteException(message, failure)
                : failure;
    }
}
