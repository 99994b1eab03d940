package io.kad.core.engine;

import io.kad.api.QueryId;
import io.kad.core.query.OperationId;
import io.kad.core.query.OutboundRequest;
import io.kad.core.query.RequestId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was asked of the network and of the own stores and has no outcome yet, by number. */
final class OutstandingOperations {

    private final Map<RequestId, OutboundRequest> requests = new HashMap<>();
    private final Map<OperationId, QueryId> operations = new HashMap<>();
    private long lastRequest;
    private long lastOperation;

    /** Returns a request ID that was never used. */
    RequestId nextRequestId() {
        return new RequestId(++lastRequest);
    }

    /** Awaits the outcome of a request. */
    void registerRequest(OutboundRequest request) {
        requests.put(request.id(), request);
    }

    /** Removes and returns a request that was registered; null if it has completed or was cancelled. */
    @Nullable
    OutboundRequest completeRequest(RequestId request) {
        return requests.remove(request);
    }

    /** Returns the number of a new store operation and awaits its outcome. */
    OperationId registerStoreOperation(QueryId query) {
        OperationId operation = nextOperationId();
        operations.put(operation, query);
        return operation;
    }

    /** Returns the number of a new store operation that no query awaits. */
    OperationId nextOperationId() {
        return new OperationId(++lastOperation);
    }

    /** Removes a store operation that was registered and returns its query; null if no query has registered it. */
    @Nullable
    QueryId completeStoreOperation(OperationId operation) {
        return operations.remove(operation);
    }
}
