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

/** The queries that run: those of the user, and those that the peer began by itself, which have negative numbers. */
final class QueryPool {

    /** How many queries of the peer itself run at once; further ones are not begun. */
    static final int MAX_BACKGROUND_QUERIES = 64;

    private static final QueryStats NO_COST = new QueryStats(0, 0, 0, 0, Duration.ZERO);

    private final int maxQueries;
    private final QueryHost host;
    private final QueryListener users;
    private final QueryFactory factory;
    private final BootstrapSchedule schedule;
    private final Map<QueryId, DeadlineQueue.Entry<QueryStateMachine>> running = new HashMap<>();
    private final DeadlineQueue<QueryStateMachine> deadlines = new DeadlineQueue<>();

    private int background;
    private long lastBackground;

    QueryPool(
            KademliaConfig config,
            QueryHost host,
            QueryListener users,
            QueryFactory factory,
            BootstrapSchedule schedule) {
        this.maxQueries = config.get(KademliaConfig.MAX_QUERIES);
        this.host = host;
        this.users = users;
        this.factory = factory;
        this.schedule = schedule;
    }

    /** Starts a query of the user, or refuses it. */
    void start(QueryId id, QuerySpec spec) {
        if (running.size() - background >= maxQueries) {
            users.onEvent(new QueryEvent.Finished(id, NO_COST), NO_COST);
            users.onFailure(
                    id, new KadException.Overloaded("as many queries are running as may run at once: " + maxQueries));
        } else if (!running.containsKey(id)) {
            start(factory.create(id, spec, users));
        }
    }

    /** Starts a query of the peer itself, if there is capacity; returns whether there was. */
    boolean startInBackground(QuerySpec spec, QueryListener listener) {
        if (background >= MAX_BACKGROUND_QUERIES) {
            return false;
        }
        background++;
        start(factory.create(new QueryId(--lastBackground), spec, listener));
        return true;
    }

    /** Lets every query know that {@code address} does not lead to {@code peer}. */
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

    /** Lets every query whose deadline has come go on. */
    void expireDeadlines() {
        long now = host.nanos();
        while (deadlines.earliestNanos() <= now) {
            DeadlineQueue.Entry<QueryStateMachine> entry = deadlines.earliest();
            entry.item().deadlineReached(now);
            update(entry);
        }
    }

    /** Returns when {@link #expireDeadlines} is to be called; {@link Long#MAX_VALUE} for never. Constant time. */
    long nextDeadlineNanos() {
        return deadlines.earliestNanos();
    }
}
