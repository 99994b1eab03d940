package io.kad.core.query;

import io.kad.api.message.KadResponse;
import io.kad.api.spi.transport.TransportFailure;

/** The part of a query that sent a request; exactly one method is called for each that was not given up. */
public interface RequestListener {

    /** Takes the answer. */
    void answered(OutboundRequest request, KadResponse response);

    /** Takes that a message without an answer arrived. */
    void sent(OutboundRequest request);

    /** Takes that there will be no answer. */
    void failed(OutboundRequest request, TransportFailure failure);
}
