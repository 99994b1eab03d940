package io.kad.core.message;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;

/** Check whether a response matches its request. The transport checks its kind too, but may be a plug-in. */
public final class ResponseMatcher implements KadRequest.Visitor<Boolean> {

    private final KadResponse response;

    private ResponseMatcher(KadResponse response) {
        this.response = response;
    }

    public static boolean matches(KadRequest request, KadResponse response) {
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

    /** A peer that stores a record echoes its key and value. */
    @Override
    public Boolean putValue(KadRequest.PutValue request) {
        return response instanceof KadResponse.PutValue stored
                && stored.record().key().equals(request.record().key())
                && stored.record().value().equals(request.record().value());
    }

    /** Returns false, as ADD_PROVIDER has no response. */
    @Override
    public Boolean addProvider(KadRequest.AddProvider request) {
        return false;
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
