package io.kad.core.query;

import io.kad.api.QueryId;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.core.routing.RoutingSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What queries know of the peer they run in, and how they have things done.
 *
 * <p>Nothing happens inside a call but that the wish is noted; outcomes come later, through {@link QueryStateMachine}. Confined to
 * one thread at a time.
 */
public interface QueryHost {

    /** Returns the monotonic time of the present step, in nanoseconds. */
    long nanos();

    /** Returns the wall-clock time of the present step. */
    Instant wall();

    /** Returns the routing table as it is now. */
    RoutingSnapshot routingTable();

    /** Returns the buckets of the routing table that a bootstrap looks into. */
    List<Integer> refreshableBuckets();

    /** Returns {@code peer} with its own addresses if it is connected. */
    Optional<PeerInfo> connected(PeerId peer);

    /** Returns the addresses of this peer. */
    List<Multiaddr> localAddresses();

    /** Sends {@code message}; one outcome follows, unless the request is given up before. */
    OutboundRequest sendRequest(QueryId query, PeerInfo peer, KadRequest message, int hop);

    /** Gives a request up. */
    void cancelRequest(OutboundRequest request);

    /** Reads a record from the own store. */
    void loadRecord(QueryId query, RecordKey key);

    /** Reads up to {@code limit} providers from the own store. */
    void loadProviders(QueryId query, RecordKey key, int limit);

    /** Writes a record to the own store. */
    void saveRecord(QueryId query, Record record);

    /** Writes a provider record to the own store. */
    void saveProvider(QueryId query, ProviderRecord record);

    /** Stores {@code best} at {@code peers}, which lack it, in the background and as far as there is capacity. */
    void correctRecord(Record best, List<PeerInfo> peers);
}
