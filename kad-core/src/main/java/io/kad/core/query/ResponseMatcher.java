package io.kad.core.query;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.transport.TransportFailure;

/** Whether an answer is of the kind that was asked for. */
final class ResponseMatcher implements KadRequest.Visitor<Boolean> {

    static final TransportFailure MISMATCH =
            new TransportFailure(TransportFailure.Kind.INVALID, "the answer does not fit the request");

    private final KadResponse response;

    private ResponseMatcher(KadResponse response) {
        this.response = response;
    }

    /** Returns whether {@code request} has a response at all. */
    static boolean hasResponse(KadRequest request) {
        return !(request instanceof KadRequest.AddProvider);
    }

    static boolean matches(KadRequest request, KadResponse response) {
        return request.accept(new ResponseMatcher(response));
    }

    @Override
    public Boolean findNode(KadRequest.FindNode request) {
        return response instanceof KadResponse.FindNode;
    }

    @Override
    public Boolean getValue(KadRequest.GetValue request) {
        return response instanceof KadResponse.GetValue;
    }

    /** A peer that took a record echoes it. */
    @Override
    public Boolean putValue(KadRequest.PutValue request) {
        return response instanceof KadResponse.PutValue echo
                && echo.record().key().equals(request.record().key())
                && echo.record().value().equals(request.record().value());
    }

    /** No peer should answer an announcement; one that does has taken it. */
    @Override
    public Boolean addProvider(KadRequest.AddProvider request) {
        return true;
    }

    @Override
    public Boolean getProviders(KadRequest.GetProviders request) {
        return response instanceof KadResponse.GetProviders;
    }

    @Override
    public Boolean ping(KadRequest.Ping request) {
        return response instanceof KadResponse.Ping;
    }
}
