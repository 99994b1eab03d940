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
import java.util.function.Predicate;

/**
 * View of the local peer for its queries: its state, and the operations that a query can start. Confined to one thread at a time.
 *
 * <p>Methods that return state have no effect. An operation only emits an action; its result comes later, through {@link
 * QueryStateMachine}.
 */
public interface QueryOperations {

    /** Returns the monotonic time of the current advance, in nanoseconds. */
    long nanos();

    /** Returns the wall-clock time of the current advance. */
    Instant wall();

    /** Returns the snapshot of the present routing table. */
    RoutingSnapshot routingSnapshot();

    /** Returns the indexes of the buckets that a bootstrap refreshes. */
    List<Integer> refreshableBuckets();

    /** Returns {@code peer} with its addresses if it is connected. */
    Optional<PeerInfo> connectedPeer(PeerId peer);

    /** Returns the protocol of another network that a connected peer serves instead of the local one; empty if one serves that. */
    Optional<String> mismatchedProtocol();

    /** Returns the addresses of the local peer. */
    List<Multiaddr> localAddresses();

    /** Called when another peer has returned addresses of the local peer. */
    void onLocalAddressesReturned(List<Multiaddr> returned);

    // --- operations

    /**
     * Sends {@code message}. One result follows, unless the request is cancelled or detached.
     *
     * @param hop the number of requests that lead to {@code peer}, this one included: 1 for a peer of the routing table
     * @param dialPermit tells whether an address may be dialled for it
     */
    OutboundRequest sendRequest(
            QueryId queryId, PeerInfo peer, KadRequest message, int hop, Predicate<Multiaddr> dialPermit);

    /** Cancels a request; no result of it follows. */
    void cancelRequest(OutboundRequest request);

    /**
     * Detaches a request from its query, which needs no result of it any more. None follows, but the request may run on, so that its RTT is
     * measured.
     */
    void detachRequest(OutboundRequest request);

    /** Reads a record from the local store. */
    void loadRecord(QueryId queryId, RecordKey key);

    /** Reads up to {@code limit} providers from the local store. */
    void loadProviders(QueryId queryId, RecordKey key, int limit);

    /** Writes a record of the local peer to the local store, as published now. */
    void saveRecord(QueryId queryId, Record record);

    /**
     * Writes a record that {@code holder} has to the local store, unless the stored one is better.
     *
     * @param loser the record that lost to it, whose copy is removed if the other may not be stored; empty if nothing is to be removed
     */
    void mergeRecord(QueryId queryId, Record record, PeerId holder, Optional<Record> loser);

    /** Writes a provider record to the local store. */
    void saveProvider(QueryId queryId, ProviderRecord record);

    /** Stores {@code best} at {@code peers} in the background; skipped if too many corrections run. */
    void correctRecord(Record best, List<PeerInfo> peers);
}
