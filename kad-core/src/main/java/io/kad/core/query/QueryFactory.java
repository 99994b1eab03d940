package io.kad.core.query;

import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.core.lookup.LookupConfig;

/** Makes the machine for what a query is asked to do. */
public final class QueryFactory {

    private final QueryContext context;

    public QueryFactory(QueryContext context) {
        this.context = context;
    }

    /**
     * Returns a query that is not yet started.
     *
     * @param listener who is told of its steps and its outcome
     */
    public QueryStateMachine create(QueryId id, QuerySpec spec, QueryListener listener) {
        QueryState state = new QueryState(id, listener, context.host(), LookupConfig.maxCloserPeers(context.k()));
        return new QueryStateMachine(
                spec.kind(),
                state,
                spec.logic(state, context),
                context.host().nanos(),
                context.config().get(KademliaConfig.QUERY_TIMEOUT));
    }
}
