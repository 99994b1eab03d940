package io.kad.core.engine;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.QueryKind;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.core.job.BackgroundEvent;
import io.kad.core.job.BackgroundWork;
import io.kad.core.job.BootstrapSchedule;
import io.kad.core.query.QueryFactory;
import io.kad.core.query.QueryListener;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.QueryStateMachine;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Running queries: those of the user, and background queries that the peer has started by itself, whose IDs are negative.
 *
 * <p>A query that throws, which is a defect, is failed and removed; the others go on. Confined to one thread at a time.
 */
final class QueryPool {

    private final int maxQueries;
    private final AdvanceContext context;
    private final QueryListener userListener;
    private final QueryFactory factory;
    private final BootstrapSchedule schedule;
    private final Map<QueryId, DeadlineQueue.Entry<QueryStateMachine>> running = new HashMap<>();
    private final DeadlineQueue<QueryStateMachine> deadlines = new DeadlineQueue<>();

    /** Kinds of the running background queries. */
    private final Map<QueryId, BackgroundWork> background = new HashMap<>();

    private final Map<BackgroundWork, Integer> runningByKind = new EnumMap<>(BackgroundWork.class);
    private long lastBackground;

    QueryPool(
            KademliaConfig config,
            AdvanceContext context,
            QueryListener userListener,
            QueryFactory factory,
            BootstrapSchedule schedule) {
        this.maxQueries = config.get(KademliaConfig.MAX_CONCURRENT_QUERIES);
        this.context = context;
        this.userListener = userListener;
        this.factory = factory;
        this.schedule = schedule;
    }

    /** Starts a query of the user, whose ID was never used, or fails it if too many run. */
    void startForUser(QueryId id, QuerySpec spec) {
        if (running.size() - background.size() >= maxQueries) {
            refuse(
                    id,
                    userListener,
                    new KadException.Overloaded("too many queries: limit of " + maxQueries + " reached ("
                            + KademliaConfig.MAX_CONCURRENT_QUERIES.name() + "); retry later"));
        } else {
            start(id, spec, userListener);
        }
    }

    /** Returns whether a background query of this kind can be started. */
    boolean hasRoom(BackgroundWork work) {
        return runningByKind.getOrDefault(work, 0) < work.maxConcurrent();
    }

    /** Starts a background query unless the limit of its kind is reached; returns whether it was started. */
    boolean startInBackground(BackgroundWork work, QuerySpec spec, QueryListener listener) {
        if (!hasRoom(work)) {
            return false;
        }
        QueryId id = new QueryId(--lastBackground);
        background.put(id, work);
        addRunning(work, 1);
        start(id, spec, new BackgroundQueryListener(context, work, listener));
        return true;
    }

    private void start(QueryId id, QuerySpec spec, QueryListener listener) {
        QueryStateMachine query;
        try {
            query = factory.create(id, spec, listener);
        } catch (Throwable fault) {
            logFault(spec.kind(), fault);
            leaveBackground(id);
            refuse(id, listener, new KadException.InternalFailure("cannot start the query: " + fault, fault));
            return;
        }
        DeadlineQueue.Entry<QueryStateMachine> entry = deadlines.add(query);
        running.put(id, entry);
        if (query.kind() == QueryKind.BOOTSTRAP) {
            schedule.started(context.nanos());
        }
        advance(entry, QueryStateMachine::start);
    }

    private static void refuse(QueryId id, QueryListener listener, KadException failure) {
        listener.onEvent(new QueryEvent.Ended(id, QueryStats.NONE), QueryStats.NONE);
        listener.onFailure(id, failure);
    }

    private void leaveBackground(QueryId id) {
        BackgroundWork work = background.remove(id);
        if (work != null) {
            addRunning(work, -1);
        }
    }

    private void addRunning(BackgroundWork work, int change) {
        int running = runningByKind.merge(work, change, Integer::sum);
        context.emit(new EngineAction.ReportBackgroundEvent(new BackgroundEvent.QueriesChanged(work, running)));
    }

    /** Advances a query by {@code step}; has no effect if the query is not running. */
    void advance(QueryId id, Consumer<QueryStateMachine> step) {
        DeadlineQueue.Entry<QueryStateMachine> entry = running.get(id);
        if (entry != null) {
            advance(entry, step);
        }
    }

    /** Called when {@code address} does not lead to {@code peer}; removes it from every query. */
    void addressFailed(PeerId peer, Multiaddr address) {
        for (DeadlineQueue.Entry<QueryStateMachine> entry : List.copyOf(running.values())) {
            advance(entry, query -> query.addressFailed(peer, address));
        }
    }

    /** Advances every query whose deadline has passed. */
    void advanceDue() {
        long now = context.nanos();
        while (deadlines.earliestNanos() <= now) {
            advance(deadlines.earliest(), query -> query.deadlineReached(now));
        }
    }

    /** Advances a query by {@code step}, and updates its deadline or removes it if it has ended. */
    private void advance(DeadlineQueue.Entry<QueryStateMachine> entry, Consumer<QueryStateMachine> step) {
        QueryStateMachine query = entry.item();
        try {
            step.accept(query);
            if (!query.hasEnded()) {
                deadlines.reschedule(entry, query.nextDeadlineNanos());
                return;
            }
        } catch (Throwable fault) {
            fail(query, fault);
        }
        remove(entry);
    }

    private void fail(QueryStateMachine query, Throwable fault) {
        try {
            query.fail(fault);
        } catch (Throwable second) {
            fault.addSuppressed(second);
        }
        logFault(query.kind(), fault);
    }

    private void logFault(QueryKind kind, Throwable fault) {
        context.emit(new EngineAction.LogFault("query " + kind, fault));
    }

    private void remove(DeadlineQueue.Entry<QueryStateMachine> entry) {
        QueryStateMachine query = entry.item();
        running.remove(query.id());
        deadlines.remove(entry);
        leaveBackground(query.id());
        if (query.kind() == QueryKind.BOOTSTRAP) {
            schedule.ended();
        }
    }

    /** Returns the time at which {@link #advanceDue} must be called; {@link Long#MAX_VALUE} for none. Constant time. */
    long nextDeadlineNanos() {
        return deadlines.earliestNanos();
    }
}
