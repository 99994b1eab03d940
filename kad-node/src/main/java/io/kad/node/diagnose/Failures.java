package io.kad.node.diagnose;

import io.kad.api.KadException;
import io.kad.api.spi.transport.TransportFailure;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Reading of what a future has failed with. */
final class Failures {

    private Failures() {}

    /** Returns the failure itself, which a future may have wrapped. */
    static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? causeOf(cause) : failure;
    }

    /** Returns the failure of the transport; empty if the failure is of another kind. */
    static Optional<TransportFailure> ofTransport(Throwable failure) {
        return causeOf(failure) instanceof KadException.TransportFailed failed
                ? Optional.of(failed.failure())
                : Optional.empty();
    }

    /** Returns the message for people. */
    static String text(Throwable failure) {
        Throwable cause = causeOf(failure);
        String message = cause.getMessage();
        if (message != null) {
            return message;
        } else if (cause instanceof TimeoutException) {
            return "no response in time";
        }
        return cause instanceof CancellationException ? "cancelled" : "unknown reason";
    }

    /** Returns whether the time that the caller gave has passed, and not one of the transport or of a query. */
    static boolean isLocalTimeout(Throwable failure) {
        return causeOf(failure) instanceof TimeoutException
                || ofTransport(failure)
                        .filter(late -> late.kind() == TransportFailure.Kind.TIMEOUT
                                && late.dial().isEmpty())
                        .isPresent();
    }
}
