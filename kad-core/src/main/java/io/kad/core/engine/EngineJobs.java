package io.kad.core.engine;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.core.job.JobHost;
import io.kad.core.query.QueryListener;
import io.kad.core.query.QuerySpec;
import java.time.Instant;
import java.util.Optional;

/** What jobs see of the engine: turns what they want into actions and queries. */
final class EngineJobs implements JobHost {

    private final Turn turn;
    private final RequestLedger ledger;
    private final RoutingKeeper routing;
    private final QueryPool queries;

    EngineJobs(Turn turn, RequestLedger ledger, RoutingKeeper routing, QueryPool queries) {
        this.turn = turn;
        this.ledger = ledger;
        this.routing = routing;
        this.queries = queries;
    }

    @Override
    public long nanos() {
        return turn.nanos();
    }

    @Override
    public Instant wall() {
        return turn.wall();
    }

    @Override
    public boolean knowsPeers() {
        return routing.knowsPeers();
    }

    @Override
    public long loadRecords(boolean own, Optional<Bytes> after, int limit) {
        long operation = ledger.nextOperation();
        turn.emit(new EngineAction.LoadRecordPage(operation, own, after, limit));
        return operation;
    }

    @Override
    public long loadProviders(Optional<Bytes> after, int limit) {
        long operation = ledger.nextOperation();
        turn.emit(new EngineAction.LoadProviderPage(operation, after, limit));
        return operation;
    }

    @Override
    public long removeExpiredRecords(int limit) {
        long operation = ledger.nextOperation();
        turn.emit(new EngineAction.RemoveExpiredRecords(operation, limit));
        return operation;
    }

    @Override
    public long removeExpiredProviders(int limit) {
        long operation = ledger.nextOperation();
        turn.emit(new EngineAction.RemoveExpiredProviders(operation, limit));
        return operation;
    }

    @Override
    public boolean start(QuerySpec query, QueryListener listener) {
        return queries.startInBackground(query, listener);
    }

    @Override
    public void publish(DhtEvent event) {
        turn.emit(new EngineAction.Publish(event));
    }
}
