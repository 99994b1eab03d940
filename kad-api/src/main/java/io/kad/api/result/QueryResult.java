package io.kad.api.result;

import io.kad.api.QueryStats;

/** Result of a query: one type for each kind of query. Immutable. */
public sealed interface QueryResult
        permits BootstrapResult, ClosestPeersResult, FindPeerResult, GetProvidersResult, GetRecordResult, PutResult {

    /** Returns the cost of the query. */
    QueryStats stats();
}
