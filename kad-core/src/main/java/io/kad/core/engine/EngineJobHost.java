package io.kad.core.engine;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.core.job.JobHost;
import io.kad.core.query.OperationId;
import io.kad.core.query.QueryListener;
import io.kad.core.query.QuerySpec;
import java.time.Instant;
import java.util.Optional;

/** View of the engine for its jobs: turns their calls into actions and queries. */
final class EngineJobHost implements JobHost {

    private final AdvanceContext advance;
    private final OutstandingOperations outstanding;
    private final RoutingTableMaintenance routing;
    private final QueryPool queries;

    EngineJobHost(
            AdvanceContext advance,
            OutstandingOperations outstanding,
            RoutingTableMaintenance routing,
            QueryPool queries) {
        this.advance = advance;
        this.outstanding = outstanding;
        this.routing = routing;
        this.queries = queries;
    }

    @Override
    public long nanos() {
        return advance.nanos();
    }

    @Override
    public Instant wall() {
        return advance.wall();
    }

    @Override
    public boolean hasPeers() {
        return routing.hasPeers();
    }

    @Override
    public OperationId loadRecords(boolean local, Optional<Bytes> after, int limit) {
        OperationId operation = outstanding.nextOperationId();
        advance.emit(new EngineAction.LoadRecordPage(operation, local, after, limit));
        return operation;
    }

    @Override
    public OperationId loadProviders(Optional<Bytes> after, int limit) {
        OperationId operation = outstanding.nextOperationId();
        advance.emit(new EngineAction.LoadProviderPage(operation, after, limit));
        return operation;
    }

    @Override
    public OperationId removeExpiredRecords(int limit) {
        OperationId operation = outstanding.nextOperationId();
        advance.emit(new EngineAction.RemoveExpiredRecords(operation, limit));
        return operation;
    }

    @Override
    public OperationId removeExpiredProviders(int limit) {
        OperationId operation = outstanding.nextOperationId();
        advance.emit(new EngineAction.RemoveExpiredProviders(operation, limit));
        return operation;
    }

    @Override
    public boolean start(QuerySpec query, QueryListener listener) {
        return queries.startInBackground(query, listener);
    }

    @Override
    public void emit(DhtEvent event) {
        advance.emit(new EngineAction.EmitEvent(event));
    }

    @Override
    public void logFault(String job, RuntimeException fault) {
        advance.emit(new EngineAction.LogFault(job, fault));
    }
}
