package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;

/** Who is told what becomes of a query. Nothing happens inside a call but that it is noted; by default it is not even that. */
public interface QueryAudience {

    /** Nobody: the query is for its effects alone. */
    QueryAudience NOBODY = new QueryAudience() {};

    /** Takes a step of a query. */
    default void report(QueryEvent event, QueryStats stats) {}

    /** Takes that a query ended with its answer. */
    default void complete(QueryId query, java.lang.Record result) {}

    /** Takes that a query ended with a failure. */
    default void fail(QueryId query, KadException failure) {}
}
