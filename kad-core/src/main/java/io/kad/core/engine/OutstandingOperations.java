package io.kad.core.engine;

import io.kad.api.QueryId;
import io.kad.core.query.OutboundRequest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was asked of the network and of the own stores and has no outcome yet, by number. */
final class OutstandingOperations {

    private final Map<Long, OutboundRequest> requests = new HashMap<>();
    private final Map<Long, QueryId> operations = new HashMap<>();
    private long lastRequest;
    private long lastOperation;

    /** Returns a request number that was never used. */
    long nextRequest() {
        return ++lastRequest;
    }

    /** Awaits the outcome of a request. */
    void register(OutboundRequest request) {
        requests.put(request.number(), request);
    }

    /** Removes and returns a request that was registered; null if it has completed or was cancelled. */
    @Nullable
    OutboundRequest complete(long request) {
        return requests.remove(request);
    }

    /** Returns the number of a new store operation and awaits its outcome. */
    long registerStoreOperation(QueryId query) {
        operations.put(++lastOperation, query);
        return lastOperation;
    }

    /** Returns the number of a new store operation that no query awaits. */
    long nextStoreOperation() {
        return ++lastOperation;
    }

    /** Removes a store operation that was registered and returns its query; null if no query has registered it. */
    @Nullable
    QueryId completeStoreOperation(long operation) {
        return operations.remove(operation);
    }
}
