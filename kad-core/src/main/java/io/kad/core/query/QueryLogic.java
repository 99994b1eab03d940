package io.kad.core.query;

import io.kad.api.id.PeerId;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import java.util.List;
import java.util.Optional;

/** What one kind of query does at each turn. No method is called before {@link #start} or once the query has ended. */
interface QueryLogic {

    /** Begins. */
    void start();

    /** Goes on as far as possible, after an outcome or when time has passed. */
    void proceed();

    /** Ends with what there is, or goes on to store it. */
    void finish();

    /** Returns who has answered, or for a query that stores, who has taken the record. */
    List<PeerId> succeededPeers();

    /** Returns when {@link #proceed} is to be called even if nothing happens; {@link Long#MAX_VALUE} for never. */
    long nextDeadlineNanos();

    /** Ends although time is up, if what there is fulfils the query; does nothing otherwise. */
    default void completeAtTimeout() {}

    /** Takes what the own store holds. */
    default void recordLoaded(Optional<Record> record) {}

    /** Takes what the own store holds. */
    default void providersLoaded(List<ProviderRecord> providers) {}

    /** Takes that the own store holds what it was to save. */
    default void stored() {}

    /** Takes that the own store holds a better record than the one it was to save. */
    default void recordSuperseded() {}

    /** Takes that the own store did not do what it was asked. */
    default void storeFailed(StoreException failure) {}
}
