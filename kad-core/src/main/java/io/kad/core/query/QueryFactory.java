package io.kad.core.query;

import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.core.lookup.LookupConfig;

/** Factory of the state machines of queries. */
public final class QueryFactory {

    private final QueryContext context;

    public QueryFactory(QueryContext context) {
        this.context = context;
    }

    /**
     * Creates a query that has not started.
     *
     * @param listener receives the events and the result of the query
     */
    public QueryStateMachine create(QueryId id, QuerySpec spec, QueryListener listener) {
        QueryState state = new QueryState(id, listener, context.host(), LookupConfig.maxCloserPeers(context.k()));
        return new QueryStateMachine(
                spec.kind(),
                spec.problem(context.config()),
                state,
                spec.logic(state, context),
                context.host().nanos(),
                context.config().get(KademliaConfig.QUERY_TIMEOUT));
    }
}
