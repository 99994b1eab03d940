package io.kad.bench.load;

/** Kinds of requests that are sent, by their names in the kad-dht specification. */
public enum RequestKind {
    FIND_NODE,
    GET_VALUE,
    GET_PROVIDERS,
    PUT_VALUE,
    ADD_PROVIDER
}
