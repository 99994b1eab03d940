package io.kad.api.message;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Types of requests, by their names in the kad-dht specification. */
public enum KadRequestType {
    FIND_NODE(KadRequest.FindNode.class),
    GET_VALUE(KadRequest.GetValue.class),
    PUT_VALUE(KadRequest.PutValue.class),
    ADD_PROVIDER(KadRequest.AddProvider.class),
    GET_PROVIDERS(KadRequest.GetProviders.class),
    PING(KadRequest.Ping.class);

    private static final Map<Class<?>, KadRequestType> BY_REQUEST =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(type -> type.request, Function.identity()));

    private final Class<? extends KadRequest> request;

    KadRequestType(Class<? extends KadRequest> request) {
        this.request = request;
    }

    /** Returns the type of {@code request}. */
    @SuppressWarnings("NullAway") // a test compares the constants with the types of requests
    public static KadRequestType of(KadRequest request) {
        return BY_REQUEST.get(request.getClass());
    }
}
