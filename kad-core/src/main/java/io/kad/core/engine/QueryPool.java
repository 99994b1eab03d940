package io.kad.core.engine;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.QueryKind;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.core.job.BootstrapSchedule;
import io.kad.core.query.QueryFactory;
import io.kad.core.query.QueryHost;
import io.kad.core.query.QueryListener;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.QueryStateMachine;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Running queries: those of the user, and background queries that the peer has started by itself, whose IDs are negative. Confined to
 * one thread at a time.
 */
final class QueryPool {

    /** Background queries that run concurrently; further ones are not started. */
    static final int MAX_BACKGROUND_QUERIES = 64;

    private static final QueryStats NO_STATS = new QueryStats(0, 0, 0, 0, Duration.ZERO);

    private final int maxQueries;
    private final QueryHost host;
    private final QueryListener userListener;
    private final QueryFactory factory;
    private final BootstrapSchedule schedule;
    private final Map<QueryId, DeadlineQueue.Entry<QueryStateMachine>> running = new HashMap<>();
    private final DeadlineQueue<QueryStateMachine> deadlines = new DeadlineQueue<>();

    private int background;
    private long lastBackground;

    QueryPool(
            KademliaConfig config,
            QueryHost host,
            QueryListener userListener,
            QueryFactory factory,
            BootstrapSchedule schedule) {
        this.maxQueries = config.get(KademliaConfig.MAX_CONCURRENT_QUERIES);
        this.host = host;
        this.userListener = userListener;
        this.factory = factory;
        this.schedule = schedule;
    }

    /** Starts a query of the user, or fails it if too many run; has no effect if a query with this ID runs. */
    void start(QueryId id, QuerySpec spec) {
        if (running.size() - background >= maxQueries) {
            userListener.onEvent(new QueryEvent.Finished(id, NO_STATS), NO_STATS);
            userListener.onFailure(
                    id,
                    new KadException.Overloaded("too many queries: limit of " + maxQueries + " reached ("
                            + KademliaConfig.MAX_CONCURRENT_QUERIES.name() + "); retry later"));
        } else if (!running.containsKey(id)) {
            start(factory.create(id, spec, userListener));
        }
    }

    /** Starts a background query unless too many run; returns whether it was started. */
    boolean startInBackground(QuerySpec spec, QueryListener listener) {
        if (background >= MAX_BACKGROUND_QUERIES) {
            return false;
        }
        background++;
        start(factory.create(new QueryId(--lastBackground), spec, listener));
        return true;
    }

    /** Called when {@code address} does not lead to {@code peer}; removes it from every query. */
    void addressFailed(PeerId peer, Multiaddr address) {
        running.values().forEach(entry -> entry.item().addressFailed(peer, address));
    }

    private void start(QueryStateMachine query) {
        DeadlineQueue.Entry<QueryStateMachine> entry = deadlines.add(query);
        running.put(query.id(), entry);
        if (query.kind() == QueryKind.BOOTSTRAP) {
            schedule.started(host.nanos());
        }
        query.start();
        update(entry);
    }

    /** Hands {@code event} to a query and updates its deadline; has no effect if the query is not running. */
    void advance(QueryId id, Consumer<QueryStateMachine> event) {
        DeadlineQueue.Entry<QueryStateMachine> entry = running.get(id);
        if (entry != null) {
            event.accept(entry.item());
            update(entry);
        }
    }

    /** Updates the deadline of a query that has advanced, or removes the query if it has ended. */
    private void update(DeadlineQueue.Entry<QueryStateMachine> entry) {
        QueryStateMachine query = entry.item();
        if (!query.hasEnded()) {
            deadlines.reschedule(entry, query.nextDeadlineNanos());
            return;
        }
        running.remove(query.id());
        deadlines.remove(entry);
        if (query.id().number() < 0) {
            background--;
        }
        if (query.kind() == QueryKind.BOOTSTRAP) {
            schedule.ended();
        }
    }

    /** Advances every query whose deadline has passed. */
    void expireDeadlines() {
        long now = host.nanos();
        while (deadlines.earliestNanos() <= now) {
            DeadlineQueue.Entry<QueryStateMachine> entry = deadlines.earliest();
            entry.item().deadlineReached(now);
            update(entry);
        }
    }

    /** Returns the time at which {@link #expireDeadlines} must be called; {@link Long#MAX_VALUE} for none. Constant time. */
    long nextDeadlineNanos() {
        return deadlines.earliestNanos();
    }
}
