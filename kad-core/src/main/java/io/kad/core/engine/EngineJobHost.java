package io.kad.core.engine;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.core.job.JobHost;
import io.kad.core.query.QueryListener;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.StoreOperationId;
import java.time.Instant;
import java.util.Optional;

/** View of the engine for its jobs: turns their calls into actions and queries. */
final class EngineJobHost implements JobHost {

    private final AdvanceContext step;
    private final OutstandingCalls outstanding;
    private final RoutingTableMaintenance routing;
    private final QueryPool queries;

    EngineJobHost(
            AdvanceContext step, OutstandingCalls outstanding, RoutingTableMaintenance routing, QueryPool queries) {
        this.step = step;
        this.outstanding = outstanding;
        this.routing = routing;
        this.queries = queries;
    }

    @Override
    public long nanos() {
        return step.nanos();
    }

    @Override
    public Instant wall() {
        return step.wall();
    }

    @Override
    public boolean hasPeers() {
        return routing.hasPeers();
    }

    @Override
    public StoreOperationId loadRecords(boolean local, Optional<Bytes> after, int limit) {
        StoreOperationId operation = outstanding.nextOperationId();
        step.emit(new EngineAction.LoadRecordPage(operation, local, after, limit));
        return operation;
    }

    @Override
    public StoreOperationId loadProviders(Optional<Bytes> after, int limit) {
        StoreOperationId operation = outstanding.nextOperationId();
        step.emit(new EngineAction.LoadProviderPage(operation, after, limit));
        return operation;
    }

    @Override
    public StoreOperationId loadRecord(RecordKey key) {
        StoreOperationId operation = outstanding.nextOperationId();
        step.emit(new EngineAction.LoadRecord(operation, key));
        return operation;
    }

    @Override
    public StoreOperationId loadProviders(RecordKey key) {
        StoreOperationId operation = outstanding.nextOperationId();
        step.emit(new EngineAction.LoadProviders(operation, key, Integer.MAX_VALUE));
        return operation;
    }

    @Override
    public StoreOperationId removeExpiredRecords(int limit) {
        StoreOperationId operation = outstanding.nextOperationId();
        step.emit(new EngineAction.RemoveExpiredRecords(operation, limit));
        return operation;
    }

    @Override
    public StoreOperationId removeExpiredProviders(int limit) {
        StoreOperationId operation = outstanding.nextOperationId();
        step.emit(new EngineAction.RemoveExpiredProviders(operation, limit));
        return operation;
    }

    @Override
    public boolean hasRoomForQuery() {
        return queries.hasRoom(BackgroundWork.REPUBLICATION);
    }

    @Override
    public boolean start(QuerySpec query, QueryListener listener) {
        return queries.startInBackground(BackgroundWork.REPUBLICATION, query, listener);
    }

    @Override
    public void emit(DhtEvent event) {
        step.emit(new EngineAction.EmitEvent(event));
    }

    @Override
    public void logFault(String job, RuntimeException fault) {
        step.emit(new EngineAction.LogFault(job, fault));
    }
}
