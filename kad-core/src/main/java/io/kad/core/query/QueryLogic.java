package io.kad.core.query;

import io.kad.api.ConfigOption;
import io.kad.api.KademliaConfig;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Behavior of one kind of query. Before {@link #start} only {@link #timeout} and {@link #findings} are called, and nothing after the query has
 * ended.
 */
interface QueryLogic {

    /** Starts the query. */
    void start();

    /** Sends the next requests or ends the query; called after each result, of requests and of the local store, and at each deadline. */
    void proceed();

    /** Called when the user finishes the query: ends it with the results so far, or stops its lookup and stores at the peers found so far. */
    void finish();

    /** Returns the closest peers that responded, up to k for each path, or for a query that stores, the peers that stored the record. */
    List<PeerId> succeededPeers();

    /** Returns the time at which {@link #proceed} must be called even without a result; {@link Long#MAX_VALUE} for none. */
    long nextDeadlineNanos();

    /** Called when the query has timed out: completes it if the results so far fulfil it; otherwise the caller fails it. */
    default void completeAtTimeout() {}

    /** Called when the local store was read. */
    default void recordLoaded(Optional<Record> record) {}

    /** Called when the local store was read. */
    default void providersLoaded(List<ProviderRecord> providers) {}

    /** Called when the local store has written the provider record. */
    default void stored() {}

    /** Called when the local store has written a record, or has kept a better one; {@code kept} is what it contains. */
    default void recordSaved(Record kept) {}

    /** Called when the local store has merged a record of another peer; {@code stored} is what it contains under the key now. */
    default void recordMerged(Optional<Record> stored) {}

    /** Called when the local store failed. */
    default void storeFailed(StoreException failure) {}

    /** Returns the option for the longest time of the query. */
    default ConfigOption<Duration> timeout() {
        return KademliaConfig.QUERY_TIMEOUT;
    }

    /**
     * Records and providers that a query has found so far. Immutable.
     *
     * @param record the best record; empty if there is none
     */
    @SuppressWarnings("JavaLangClash") // Record is the name of the specification
    record Findings(Optional<Record> record, List<PeerInfo> providers) {

        static final Findings NONE = new Findings(Optional.empty(), List.of());
    }

    /** Returns the records and providers found so far, for the failure of the query. */
    default Findings findings() {
        return Findings.NONE;
    }
}
