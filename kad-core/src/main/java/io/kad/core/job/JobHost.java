package io.kad.core.job;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.core.query.OperationId;
import io.kad.core.query.QueryListener;
import io.kad.core.query.QuerySpec;
import java.time.Instant;
import java.util.Optional;

/** What jobs know of the peer they work for, and how they have things done. Nothing happens inside a call but that it is noted. */
public interface JobHost {

    /** Returns the monotonic time of the present step, in nanoseconds. */
    long nanos();

    /** Returns the wall-clock time of the present step. */
    Instant wall();

    /** Returns whether there is anybody to publish to. */
    boolean knowsPeers();

    /** Reads a page of the records held, own ones only or all, and returns the ID of the operation. */
    OperationId loadRecords(boolean own, Optional<Bytes> after, int limit);

    /** Reads a page of the own provider records, and returns the ID of the operation. */
    OperationId loadProviders(Optional<Bytes> after, int limit);

    /** Has up to {@code limit} expired records removed, and returns the ID of the operation. */
    OperationId removeExpiredRecords(int limit);

    /** Has up to {@code limit} expired provider records removed, and returns the ID of the operation. */
    OperationId removeExpiredProviders(int limit);

    /** Starts a query, unless too many run; returns whether it did. Its end may be told before this returns. */
    boolean start(QuerySpec query, QueryListener listener);

    /** Tells the user. */
    void publish(DhtEvent event);
}
