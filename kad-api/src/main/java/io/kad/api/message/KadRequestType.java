package io.kad.api.message;

/** Types of requests, by their names in the kad-dht specification. */
public enum KadRequestType {
    FIND_NODE,
    GET_VALUE,
    PUT_VALUE,
    ADD_PROVIDER,
    GET_PROVIDERS,
    PING;

    private static final KadRequest.Visitor<KadRequestType> TYPE = new KadRequest.Visitor<>() {
        @Override
        public KadRequestType findNode(KadRequest.FindNode request) {
            return FIND_NODE;
        }

        @Override
        public KadRequestType getValue(KadRequest.GetValue request) {
            return GET_VALUE;
        }

        @Override
        public KadRequestType putValue(KadRequest.PutValue request) {
            return PUT_VALUE;
        }

        @Override
        public KadRequestType addProvider(KadRequest.AddProvider request) {
            return ADD_PROVIDER;
        }

        @Override
        public KadRequestType getProviders(KadRequest.GetProviders request) {
            return GET_PROVIDERS;
        }

        @Override
        public KadRequestType ping(KadRequest.Ping request) {
            return PING;
        }
    };

    /** Returns the type of {@code request}. */
    public static KadRequestType of(KadRequest request) {
        return request.accept(TYPE);
    }
}
