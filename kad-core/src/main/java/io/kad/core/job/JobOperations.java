package io.kad.core.job;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.core.query.QueryListener;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.StoreOperationId;
import java.time.Instant;
import java.util.Optional;

/** Access of the jobs to their peer. Calls only record what must be done; it happens after the job has returned. */
public interface JobOperations {

    /** Returns the monotonic time of the present advance, in nanoseconds. */
    long nanos();

    /** Returns the wall-clock time of the present advance. */
    Instant wall();

    /** Returns whether the routing table contains a peer. */
    boolean hasPeers();

    /**
     * Starts to read a page of the stored records, and returns the ID of the operation.
     *
     * @param localOnly whether to read only locally published records
     * @param after the cursor of the previous page; empty for the first page
     * @param limit the greatest number of records, at least 1
     */
    StoreOperationId loadRecords(boolean localOnly, Optional<Bytes> after, int limit);

    /** Starts to read a page of the provider records of the local peer, and returns the ID of the operation. */
    StoreOperationId loadProviders(Optional<Bytes> after, int limit);

    /** Starts to read the record of {@code key}, and returns the ID of the operation. */
    StoreOperationId loadRecord(RecordKey key);

    /** Starts to read all provider records of {@code key}, and returns the ID of the operation. */
    StoreOperationId loadProviders(RecordKey key);

    /** Starts to remove up to {@code limit} expired records, and returns the ID of the operation. */
    StoreOperationId removeExpiredRecords(int limit);

    /** Starts to remove up to {@code limit} expired provider records, and returns the ID of the operation. */
    StoreOperationId removeExpiredProviders(int limit);

    /** Returns whether {@link #start} can start a query now. */
    boolean hasRoomForQuery();

    /**
     * Starts a query, unless the limit of running queries is reached; returns whether it started. The listener may be called before this
     * returns.
     */
    boolean start(QuerySpec query, QueryListener listener);

    /** Reports {@code event} to those who measure the peer. */
    void report(BackgroundEvent event);

    /** Emits {@code event} to the subscribers of the peer. */
    void emit(DhtEvent event);

    /** Logs that {@code job} threw {@code fault}, which is a defect. */
    void logFault(String job, RuntimeException fault);
}
