package io.kad.core.engine;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.core.job.BackgroundEvent;
import io.kad.core.job.BackgroundWork;
import io.kad.core.job.JobOperations;
import io.kad.core.query.QueryListener;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.StoreOperationId;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** View of the engine for its jobs: turns their calls into actions and queries. */
final class EngineJobOperations implements JobOperations {

    private final AdvanceContext context;
    private final OutstandingCalls outstanding;
    private final RoutingTableMaintenance routing;
    private final QueryPool queryPool;

    EngineJobOperations(
            AdvanceContext context,
            OutstandingCalls outstanding,
            RoutingTableMaintenance routing,
            QueryPool queryPool) {
        this.context = context;
        this.outstanding = outstanding;
        this.routing = routing;
        this.queryPool = queryPool;
    }

    @Override
    public long nanos() {
        return context.nanos();
    }

    @Override
    public Instant wall() {
        return context.wall();
    }

    @Override
    public boolean hasPeers() {
        return routing.hasPeers();
    }

    /** Emits the action that starts a store operation, and returns its ID. */
    private StoreOperationId start(Function<StoreOperationId, EngineAction> action) {
        StoreOperationId operation = outstanding.nextOperationId();
        context.emit(action.apply(operation));
        return operation;
    }

    @Override
    public StoreOperationId loadRecords(boolean local, Optional<Bytes> after, int limit) {
        return start(operation -> new EngineAction.LoadRecordPage(operation, local, after, limit));
    }

    @Override
    public StoreOperationId loadProviders(Optional<Bytes> after, int limit) {
        return start(operation -> new EngineAction.LoadProviderPage(operation, after, limit));
    }

    @Override
    public StoreOperationId loadRecord(RecordKey key) {
        return start(operation -> new EngineAction.LoadRecord(operation, key));
    }

    @Override
    public StoreOperationId loadProviders(RecordKey key) {
        return start(operation -> new EngineAction.LoadProviders(operation, key, Integer.MAX_VALUE));
    }

    @Override
    public StoreOperationId removeExpiredRecords(int limit) {
        return start(operation -> new EngineAction.RemoveExpiredRecords(operation, limit));
    }

    @Override
    public StoreOperationId removeExpiredProviders(int limit) {
        return start(operation -> new EngineAction.RemoveExpiredProviders(operation, limit));
    }

    @Override
    public boolean hasRoomForQuery() {
        return queryPool.hasRoom(BackgroundWork.REPUBLICATION);
    }

    @Override
    public boolean start(QuerySpec query, QueryListener listener) {
        return queryPool.startInBackground(BackgroundWork.REPUBLICATION, query, listener);
    }

    @Override
    public void report(BackgroundEvent event) {
        context.emit(new EngineAction.ReportBackgroundEvent(event));
    }

    @Override
    public void emit(DhtEvent event) {
        context.emit(new EngineAction.EmitDhtEvent(event));
    }

    @Override
    public void logFault(String job, RuntimeException fault) {
        context.emit(new EngineAction.LogFault(job, fault));
    }
}
