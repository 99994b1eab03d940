package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.result.QueryResult;

/** Listener of one query. It must not call back into the query. The default methods do nothing. */
public interface QueryListener {

    /** Listener that ignores everything: for a query that is run for its effects. */
    QueryListener NONE = new QueryListener() {};

    /** Called for each event of the query, with its statistics so far. */
    default void onEvent(QueryEvent event, QueryStats stats) {}

    /** Called once when the query has completed with {@code result}. */
    default void onComplete(QueryId queryId, QueryResult result) {}

    /** Called once when the query has failed. */
    default void onFailure(QueryId queryId, KadException failure) {}
}
