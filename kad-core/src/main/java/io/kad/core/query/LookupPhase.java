package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.lookup.AddressBook;
import io.kad.core.lookup.Lookup;
import io.kad.core.lookup.LookupConfig;
import java.util.List;
import java.util.Optional;

/** Phase of a query that runs a lookup and sends the same request to every peer. Confined to one thread at a time. */
final class LookupPhase implements RequestListener {

    private final QueryState state;
    private final QueryHost host;
    private final KadKey target;
    private final KadRequest message;
    private final ResponseHandler handler;
    private final boolean hasSeeds;
    private final Lookup lookup;
    private final AddressBook addresses;

    /** Handler of the responses of a lookup, called before the lookup receives the closer peers. */
    @FunctionalInterface
    interface ResponseHandler {

        /** Ignores every response: for a query that needs the closest peers only. */
        ResponseHandler NONE = (peer, response) -> {};

        /** Reads the response of {@code peer}. */
        void handle(PeerId peer, KadResponse response);
    }

    /**
     * Prepares a lookup that starts at the closest peers of the routing table.
     *
     * @param count the number of peers to find, from 1 to k
     */
    LookupPhase(
            QueryState state,
            QueryContext context,
            KadKey target,
            KadRequest message,
            int count,
            ResponseHandler handler) {
        this.state = state;
        this.host = context.host();
        this.target = target;
        this.message = message;
        this.handler = handler;
        this.addresses = new AddressBook(
                target,
                LookupConfig.maxCandidates(context.k()),
                context.config().get(KademliaConfig.MAX_ADDRESSES_PER_PEER));
        state.track(addresses);
        List<PeerId> seeds = host
                .routingTable()
                .closest(target, context.lookupConfig().seeds(context.k()))
                .stream()
                .map(PeerInfo::id)
                .toList();
        this.hasSeeds = !seeds.isEmpty();
        this.lookup = context.lookupConfig().start(target, count, context.patience(), seeds, context.self());
    }

    /** Returns whether the routing table had a peer to start at. */
    boolean hasSeeds() {
        return hasSeeds;
    }

    /** Sends the requests for which slots are free, and cancels late ones once the lookup has finished. */
    void proceed() {
        for (Optional<PeerId> next = lookup.next(host.nanos()); next.isPresent(); next = lookup.next(host.nanos())) {
            PeerId peer = next.get();
            state.sendRequest(target, peerInfo(peer), message, lookup.hop(peer), this);
        }
        if (lookup.isFinished()) {
            state.cancelRequests(this);
        }
    }

    @Override
    public void onResponse(PeerId peer, KadResponse response, List<PeerInfo> closerPeers, List<PeerId> closerIds) {
        closerPeers.forEach(addresses::add);
        handler.handle(peer, response);
        lookup.onResponse(peer, closerIds, host.nanos());
    }

    @Override
    public void onFailure(PeerId peer, TransportFailure failure) {
        lookup.onFailure(peer, host.nanos());
    }

    /** Returns a peer with the addresses in the routing table and in the responses so far. */
    PeerInfo peerInfo(PeerId peer) {
        Optional<PeerInfo> entry = host.routingTable().find(peer);
        return entry.map(
                        routed -> new PeerInfo(peer, addresses.appendTo(routed.addresses(), peer), routed.connection()))
                .orElseGet(() -> PeerInfo.of(peer, addresses.addresses(peer)));
    }

    /** Returns the peers that responded, closest first. */
    List<PeerInfo> closest() {
        return lookup.closest().stream().map(this::peerInfo).toList();
    }

    /** Returns the peers that responded among the closest candidates. */
    List<PeerInfo> respondedAmongClosest() {
        return lookup.respondedAmongClosest().stream().map(this::peerInfo).toList();
    }

    /** Returns the IDs of the peers that responded, closest first. */
    List<PeerId> closestIds() {
        return lookup.closest();
    }

    /** Returns whether no peer responded. */
    boolean hasNoResponse() {
        return lookup.successes() == 0;
    }

    /** Fails the query, as the routing table was empty or no peer responded. */
    void failWithoutResponse() {
        state.fail(stats -> hasSeeds
                ? KadException.NoPeers.noResponse(lookup.requests(), stats)
                : KadException.NoPeers.emptyTable(stats));
    }

    int hop(PeerId peer) {
        return lookup.hop(peer);
    }

    boolean isFinished() {
        return lookup.isFinished();
    }

    /** Finishes the lookup with the results so far. */
    void finish() {
        lookup.finish();
        state.cancelRequests(this);
    }

    long nextDeadlineNanos() {
        return lookup.nextDeadlineNanos();
    }
}
