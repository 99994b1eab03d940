package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;

/** Who is told what becomes of a query. Nothing happens inside a call but that it is noted; by default it is not even that. */
public interface QueryListener {

    /** Nobody: the query is for its effects alone. */
    QueryListener NONE = new QueryListener() {};

    /** Takes a step of a query. */
    default void onEvent(QueryEvent event, QueryStats stats) {}

    /** Takes that a query ended with its answer. */
    default void onComplete(QueryId query, java.lang.Record result) {}

    /** Takes that a query ended with a failure. */
    default void onFailure(QueryId query, KadException failure) {}
}
