package io.kad.transport.netty.kad;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.transport.netty.operation.OperationPromise;

/**
 * Request of the local peer that has a stream, until the stream is free again. Each one is an identity of its own.
 */
final class PendingRequest {

    private final KadRequest request;
    private final OperationPromise<KadResponse> promise;
    private final Runnable release;

    /**
     * Creates a pending request.
     *
     * @param promise completed with the response, or with the failure of the stream
     * @param release releases the slot of the request on its connection; later calls have no effect
     */
    PendingRequest(KadRequest request, OperationPromise<KadResponse> promise, Runnable release) {
        this.request = request;
        this.promise = promise;
        this.release = release;
    }

    KadRequest request() {
        return request;
    }

    OperationPromise<KadResponse> promise() {
        return promise;
    }

    /** Releases the slot of this request on its connection: the stream serves others, or has ended. */
    void release() {
        release.run();
    }
}
