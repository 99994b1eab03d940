package io.kad.core.engine;

import io.kad.api.QueryId;
import io.kad.core.query.OutboundRequest;
import io.kad.core.query.RequestId;
import io.kad.core.query.StoreOperationId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Requests and local store operations that have no result yet, by ID. Confined to one thread at a time. */
final class OutstandingCalls {

    static final int MAX_DETACHED = 256;

    private final Map<RequestId, OutboundRequest> requests = new HashMap<>();
    /** Requests that run on without a query, to be measured; the oldest first. */
    private final Map<RequestId, OutboundRequest> detached = new LinkedHashMap<>();

    private final Map<StoreOperationId, QueryId> operations = new HashMap<>();
    private long lastRequest;
    private long lastOperation;

    /** Returns a request ID that was never used. */
    RequestId nextRequestId() {
        return new RequestId(++lastRequest);
    }

    /** Registers a request that is sent. */
    void registerRequest(OutboundRequest request) {
        requests.put(request.id(), request);
    }

    /** Returns a request that was registered; null if it has completed or was cancelled. */
    @Nullable
    OutboundRequest findRequest(RequestId requestId) {
        return requests.get(requestId);
    }

    /** Removes and returns a request that was registered; null if it has completed or was cancelled. */
    @Nullable
    OutboundRequest removeRequest(RequestId requestId) {
        detached.remove(requestId);
        return requests.remove(requestId);
    }

    /**
     * Lets a registered request run on without its query.
     *
     * @return the oldest of these requests, which must be cancelled as there are more than {@value #MAX_DETACHED}; empty otherwise
     */
    Optional<OutboundRequest> detach(OutboundRequest request) {
        detached.put(request.id(), request);
        return detached.size() > MAX_DETACHED ? detached.values().stream().findFirst() : Optional.empty();
    }

    boolean isDetached(OutboundRequest request) {
        return detached.containsKey(request.id());
    }

    /** Returns the ID of a new store operation, and registers it for {@code queryId}. */
    StoreOperationId registerStoreOperation(QueryId queryId) {
        StoreOperationId operationId = nextOperationId();
        operations.put(operationId, queryId);
        return operationId;
    }

    /** Returns the ID of a new store operation that belongs to no query. */
    StoreOperationId nextOperationId() {
        return new StoreOperationId(++lastOperation);
    }

    /** Removes a store operation that was registered and returns its query; null if no query has registered it. */
    @Nullable
    QueryId removeStoreOperation(StoreOperationId operationId) {
        return operations.remove(operationId);
    }
}
