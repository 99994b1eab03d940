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
     * @param audience who is told of its steps and its outcome
     */
    public QueryMachine create(QueryId id, QuerySpec spec, QueryAudience audience) {
        QueryRun run = new QueryRun(id, audience, context.host());
        return new QueryMachine(
                spec.kind(),
                run,
                spec.accept(new StepsOfSpec(run, context)),
                context.host().nanos(),
                context.config().get(KademliaConfig.QUERY_TIMEOUT));
    }

    private record StepsOfSpec(QueryRun run, QueryContext context) implements QuerySpec.Visitor<QuerySteps> {

        @Override
        public QuerySteps getClosestPeers(QuerySpec.GetClosestPeers spec) {
            return new GetClosestPeersSteps(run, context, spec);
        }

        @Override
        public QuerySteps findPeer(QuerySpec.FindPeer spec) {
            return new FindPeerSteps(run, context, spec);
        }

        @Override
        public QuerySteps getRecord(QuerySpec.GetRecord spec) {
            return new GetRecordSteps(run, context, spec);
        }

        @Override
        public QuerySteps putRecord(QuerySpec.PutRecord spec) {
            return new PublishSteps(run, context, RecordPublication.put(context, spec));
        }

        @Override
        public QuerySteps putRecordTo(QuerySpec.PutRecordTo spec) {
            return new PutRecordToSteps(run, context, spec);
        }

        @Override
        public QuerySteps startProviding(QuerySpec.StartProviding spec) {
            return new PublishSteps(run, context, ProviderPublication.start(context, spec));
        }

        @Override
        public QuerySteps republish(QuerySpec.Republish spec) {
            return new PublishSteps(run, context, RecordPublication.again(context, spec));
        }

        @Override
        public QuerySteps reprovide(QuerySpec.Reprovide spec) {
            return new PublishSteps(run, context, ProviderPublication.again(context, spec));
        }

        @Override
        public QuerySteps getProviders(QuerySpec.GetProviders spec) {
            return new GetProvidersSteps(run, context, spec);
        }

        @Override
        public QuerySteps bootstrap(QuerySpec.Bootstrap spec) {
            return new BootstrapSteps(run, context);
        }
    }
}
