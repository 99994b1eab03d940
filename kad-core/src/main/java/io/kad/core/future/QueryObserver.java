package io.kad.core.future;

import io.kad.api.QueryKind;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import java.util.Optional;

/** Observer of the queries of users. Called in the order of what happens to a query; must neither block nor throw. */
public interface QueryObserver {

    /** Observer that ignores everything. */
    QueryObserver NONE = new QueryObserver() {
        @Override
        public void onEvent(QueryKind kind, QueryEvent event, QueryStats stats) {}

        @Override
        public void onEnd(QueryKind kind, QueryStats stats, Optional<Throwable> failure) {}

        @Override
        public void onCancel(QueryKind kind, QueryStats stats) {}
    };

    /** Called with each event of a query, and with its cost so far. */
    void onEvent(QueryKind kind, QueryEvent event, QueryStats stats);

    /** Called once when a query has a result or has failed. */
    void onEnd(QueryKind kind, QueryStats stats, Optional<Throwable> failure);

    /** Called once when the user of a query has cancelled it or completed its result, instead of {@link #onEnd}. */
    void onCancel(QueryKind kind, QueryStats stats);
}
