package io.kad.core.query;

import io.kad.api.message.KadResponse;
import io.kad.api.spi.TransportFailure;

/** The part of a query that sent a request; exactly one method is called for each that was not given up. */
public interface RequestListener {

    /** Takes the answer. */
    void answered(Asked request, KadResponse response);

    /** Takes that a message without an answer arrived. */
    void sent(Asked request);

    /** Takes that there will be no answer. */
    void failed(Asked request, TransportFailure failure);
}
