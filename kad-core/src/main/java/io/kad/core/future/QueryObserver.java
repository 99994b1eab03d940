package io.kad.core.future;

import io.kad.api.QueryKind;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import java.util.Optional;

/** Observer of the queries of users. Called in the order of what happens to a query; must not block. */
public interface QueryObserver {

    /** Observer that ignores everything. */
    QueryObserver NONE = new QueryObserver() {
        @Override
        public void onEvent(QueryKind kind, QueryEvent event, QueryStats stats) {}

        @Override
        public void onEnd(QueryKind kind, QueryStats stats, Optional<Throwable> failure) {}
    };

    /** Called with each event of a query, and with its cost so far. */
    void onEvent(QueryKind kind, QueryEvent event, QueryStats stats);

    /** Called once when a query has a result, has failed, or was cancelled. */
    void onEnd(QueryKind kind, QueryStats stats, Optional<Throwable> failure);
}
