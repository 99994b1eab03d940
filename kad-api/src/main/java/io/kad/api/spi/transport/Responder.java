package io.kad.api.spi.transport;

import io.kad.api.message.KadResponse;

/**
 * Completion of one inbound request.
 *
 * <p>Exactly one of the methods must be called, once, from any thread; later calls have no effect. The transport limits the time that it
 * waits for the call, and resets the stream after that.
 */
public interface Responder {

    /** Sends the response; the stream stays open for the next request. */
    void respond(KadResponse response);

    /** Accepts a one-way message, which has no response, such as ADD_PROVIDER. */
    void completeWithoutResponse();

    /** Rejects the request by resetting its stream. */
    void reset();
}
