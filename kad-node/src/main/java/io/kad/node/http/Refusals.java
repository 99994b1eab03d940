package io.kad.node.http;

import io.kad.node.option.UsageException;
import io.kad.node.output.OutputLine;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers for what handlers throw. */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private Refusals() {}

    /** Returns the refusal for a limit of the server; a retry may succeed. */
    static HttpException overloaded(String what) {
        return new HttpException(
                HttpError.UNAVAILABLE, "too many " + what + "; try again later", Map.of("Retry-After", "1"));
    }

    /** Returns the answer for {@code failure} of a handler. */
    static Response response(Throwable failure) {
        if (failure instanceof HttpException refusal) {
            return refusal.response();
        } else if (failure instanceof UsageException refusal) {
            return new HttpException(HttpError.BAD_REQUEST, String.valueOf(refusal.getMessage())).response();
        }
        LOG.warn("internal error in an HTTP handler", failure);
        return Response.json(HttpError.INTERNAL.status(), OutputLine.fault(failure));
    }
}
