package io.kad.core.engine;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.result.QueryResult;
import io.kad.core.job.BackgroundEvent;
import io.kad.core.job.BackgroundWork;
import io.kad.core.query.QueryListener;
import java.util.Optional;

/** Listener of one background query: reports its end, and passes everything on to the listener of the part that has started it. */
final class BackgroundQueryListener implements QueryListener {

    private final AdvanceContext context;
    private final BackgroundWork work;
    private final QueryListener listener;
    private QueryStats stats = QueryStats.NONE;

    BackgroundQueryListener(AdvanceContext context, BackgroundWork work, QueryListener listener) {
        this.context = context;
        this.work = work;
        this.listener = listener;
    }

    @Override
    public void onEvent(QueryEvent event, QueryStats now) {
        stats = now;
        listener.onEvent(event, now);
    }

    @Override
    public void onComplete(QueryId queryId, QueryResult result) {
        reportEnd(Optional.empty());
        listener.onComplete(queryId, result);
    }

    @Override
    public void onFailure(QueryId queryId, KadException failure) {
        reportEnd(Optional.of(failure));
        listener.onFailure(queryId, failure);
    }

    private void reportEnd(Optional<KadException> failure) {
        context.emit(new EngineAction.ReportBackgroundEvent(new BackgroundEvent.QueryEnded(work, stats, failure)));
    }
}
