package io.kad.core.engine;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.result.QueryResult;
import io.kad.core.query.QueryListener;

/** Listener of the queries of the user: turns their events and results into actions. */
final class UserQueryListener implements QueryListener {

    private final AdvanceContext context;

    UserQueryListener(AdvanceContext context) {
        this.context = context;
    }

    @Override
    public void onEvent(QueryEvent event, QueryStats stats) {
        context.emit(new EngineAction.EmitQueryEvent(event, stats));
    }

    @Override
    public void onComplete(QueryId queryId, QueryResult result) {
        context.emit(new EngineAction.CompleteQuery(queryId, result));
    }

    @Override
    public void onFailure(QueryId queryId, KadException failure) {
        context.emit(new EngineAction.FailQuery(queryId, failure));
    }
}
