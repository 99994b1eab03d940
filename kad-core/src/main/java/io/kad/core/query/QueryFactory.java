package io.kad.core.query;

import io.kad.api.ConfigOption;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.result.PartialResult;
import io.kad.core.lookup.LookupConfig;
import java.time.Duration;
import java.util.Optional;

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
        QueryState state = new QueryState(id, listener, context.operations(), LookupConfig.maxCloserPeers(context.k()));
        QueryLogic logic = spec.logic(state, context);
        return new QueryStateMachine(
                spec.kind(),
                spec.reasonInvalid(context.config()),
                state,
                logic,
                localCopy(spec),
                context.operations().nanos(),
                context.config().get(logic.timeout()));
    }

    /** Returns what the local store keeps of a put or provide of the user. */
    private PartialResult.LocalCopy localCopy(QuerySpec spec) {
        if (spec instanceof QuerySpec.PutRecord) {
            return localCopy(KademliaConfig.REPUBLISH_INTERVAL);
        } else if (spec instanceof QuerySpec.StartProviding) {
            return localCopy(KademliaConfig.REPROVIDE_INTERVAL);
        }
        return PartialResult.LocalCopy.NONE;
    }

    private PartialResult.LocalCopy localCopy(ConfigOption<Optional<Duration>> interval) {
        return context.config().get(interval).isPresent()
                ? PartialResult.LocalCopy.REPUBLISHED
                : PartialResult.LocalCopy.KEPT;
    }
}
