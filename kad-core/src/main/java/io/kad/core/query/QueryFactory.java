package io.kad.core.query;

import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;

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
        QueryState state = new QueryState(id, listener, context.host(), context.maxCloserPeers());
        return new QueryStateMachine(
                spec.kind(),
                state,
                spec.accept(new LogicOfSpec(state, context)),
                context.host().nanos(),
                context.config().get(KademliaConfig.QUERY_TIMEOUT));
    }

    private record LogicOfSpec(QueryState state, QueryContext context) implements QuerySpec.Visitor<QueryLogic> {

        @Override
        public QueryLogic getClosestPeers(QuerySpec.GetClosestPeers spec) {
            return new GetClosestPeersQuery(state, context, spec);
        }

        @Override
        public QueryLogic findPeer(QuerySpec.FindPeer spec) {
            return new FindPeerQuery(state, context, spec);
        }

        @Override
        public QueryLogic getRecord(QuerySpec.GetRecord spec) {
            return new GetRecordQuery(state, context, spec);
        }

        @Override
        public QueryLogic putRecord(QuerySpec.PutRecord spec) {
            return new PublishQuery(state, context, RecordPublication.put(context, spec));
        }

        @Override
        public QueryLogic putRecordTo(QuerySpec.PutRecordTo spec) {
            return new PutRecordToQuery(state, context, spec);
        }

        @Override
        public QueryLogic startProviding(QuerySpec.StartProviding spec) {
            return new PublishQuery(state, context, ProviderPublication.start(context, spec));
        }

        @Override
        public QueryLogic republish(QuerySpec.Republish spec) {
            return new PublishQuery(state, context, RecordPublication.again(context, spec));
        }

        @Override
        public QueryLogic reprovide(QuerySpec.Reprovide spec) {
            return new PublishQuery(state, context, ProviderPublication.again(context, spec));
        }

        @Override
        public QueryLogic getProviders(QuerySpec.GetProviders spec) {
            return new GetProvidersQuery(state, context, spec);
        }

        @Override
        public QueryLogic bootstrap(QuerySpec.Bootstrap spec) {
            return new BootstrapQuery(state, context);
        }
    }
}
