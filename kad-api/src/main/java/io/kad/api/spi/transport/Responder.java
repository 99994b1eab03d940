package io.kad.api.spi.transport;

import io.kad.api.message.KadResponse;

/**
 * Ends one inbound request.
 *
 * <p>Exactly one of the methods must be called, once, from any thread; later calls have no effect. The transport bounds how
 * long it waits.
 */
public interface Responder {

    /** Sends the answer and stands ready for the next request of the same stream. */
    void respond(KadResponse response);

    /** Ends a request that has no answer, such as ADD_PROVIDER. */
    void finish();

    /** Refuses the request by resetting its stream. */
    void reset();
}
