package io.kad.core.job;

import io.kad.api.KadException;
import io.kad.api.QueryStats;
import io.kad.api.event.DhtEvent;
import java.util.Optional;

/** Step of the background work of a peer, for those who measure it. Immutable. */
public sealed interface BackgroundEvent {

    /**
     * The number of running queries of a kind has changed.
     *
     * @param running the number now
     */
    record QueriesChanged(BackgroundWork work, int running) implements BackgroundEvent {}

    /**
     * A query has ended.
     *
     * @param failure the reason for which it has failed; empty if it has a result
     */
    record QueryEnded(BackgroundWork work, QueryStats stats, Optional<KadException> failure)
            implements BackgroundEvent {}

    /**
     * The present run of a kind of republication has read or handled entries, has begun or has ended.
     *
     * @param readsOn whether it has still to read pages of the store
     * @param read the number of entries of the pages that it has read
     * @param pending the number of these that are not handled yet
     */
    record RunProgressed(DhtEvent.RepublishKind kind, boolean readsOn, long read, int pending)
            implements BackgroundEvent {}
}
