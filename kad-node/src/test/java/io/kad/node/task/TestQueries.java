package io.kad.node.task;

import io.kad.api.QueryId;
import io.kad.core.event.EventBudget;
import io.kad.core.event.QueryEventReplay;
import io.kad.core.future.QueryHandle;
import io.kad.core.query.QuerySpec;

/** Queries that only a test completes. */
public final class TestQueries {

    private TestQueries() {}

    /** Returns a query that no engine runs, so that finishing and cancelling it have no effect. */
    public static <T> QueryHandle<T> query(QueryId id, QuerySpec spec) {
        return new QueryHandle<>(
                id,
                spec,
                Runnable::run,
                new QueryEventReplay(new EventBudget(1 << 20), Runnable::run, (nanos, task) -> {}, System::nanoTime),
                new QueryHandle.Control() {
                    @Override
                    public void finish(QueryId finished) {}

                    @Override
                    public void cancel(QueryId cancelled) {}
                });
    }
}
