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
     * @param background whether it is for this peer alone, so that neither steps nor outcome are told anybody
     */
    public QueryMachine create(QueryId id, QuerySpec spec, boolean background) {
        QueryRun run = new QueryRun(id, background, context.host());
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
            return new PublishSteps(run, context, new RecordPublication(context, spec));
        }

        @Override
        public QuerySteps putRecordTo(QuerySpec.PutRecordTo spec) {
            return new PutRecordToSteps(run, context, spec);
        }

        @Override
        public QuerySteps startProviding(QuerySpec.StartProviding spec) {
            return new PublishSteps(run, context, new ProviderPublication(context, spec));
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
