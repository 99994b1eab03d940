package io.kad.core.query;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import java.util.List;

/** Query that consists of one lookup, and ends when it has found enough, or the lookup has converged or has finished. */
abstract class LookupQuery implements QueryLogic {

    final QueryState state;
    final QueryContext context;
    final LookupPhase lookupPhase;

    /**
     * Creates a query whose lookup has not started.
     *
     * @param message the request that is sent to every peer
     * @param count the number of peers to find, from 1 to k
     */
    LookupQuery(QueryState state, QueryContext context, KadKey target, KadRequest message, int count) {
        this.state = state;
        this.context = context;
        this.lookupPhase = new LookupPhase(state, context, target, message, count, this::readResponse);
    }

    /** Reads a response, before the lookup receives its closer peers. */
    void readResponse(PeerId peer, KadResponse response) {}

    /** Returns whether the query ends now, even before its lookup has converged. */
    boolean isSatisfied() {
        return false;
    }

    /** Returns whether the query ends when its lookup has converged; otherwise when it has finished. */
    abstract boolean endsOnceConverged();

    /** Ends the query: its lookup has finished, it has enough, or its user finishes it. */
    abstract void end();

    @Override
    public final void proceed() {
        if (!lookupPhase.isStarted()) {
            return;
        }
        if (isSatisfied()) {
            end();
            return;
        }
        lookupPhase.proceed();
        if (lookupPhase.isFinished() || (lookupPhase.hasConverged() && endsOnceConverged())) {
            end();
        }
    }

    @Override
    public void finish() {
        end();
    }

    @Override
    public final List<PeerId> succeededPeers() {
        return lookupPhase.idsOfClosestResponders();
    }

    @Override
    public long nextDeadlineNanos() {
        return lookupPhase.nextDeadlineNanos();
    }
}
