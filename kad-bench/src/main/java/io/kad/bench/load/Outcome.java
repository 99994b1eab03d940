package io.kad.bench.load;

/** Receiver of the end of a request. Called once, on an event loop, which must not be blocked. */
interface Outcome {

    /**
     * Called when the response is there, or, as ADD_PROVIDER has none, when its bytes are written.
     *
     * @param found whether the response holds what was asked for: a record, a provider, or a peer
     */
    void succeeded(boolean found);

    /**
     * Called when the request failed.
     *
     * @param kind kind of the failure, a name of {@code TransportFailure.Kind}
     */
    void failed(String kind);
}
