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

/** The part of a query that asks its way to the peers closest to a target, with one message for all of them. */
final class LookupPhase implements RequestListener {

    private final QueryState state;
    private final QueryHost host;
    private final KadKey target;
    private final KadRequest message;
    private final ResponseHandler handler;
    private final boolean hasSeeds;
    private final Lookup lookup;
    private final AddressBook book;

    /** Takes from answers what a query is after, before the lookup takes the closer peers. */
    @FunctionalInterface
    interface ResponseHandler {

        /** Reads what {@code peer} answered. */
        void handle(PeerId peer, KadResponse response);
    }

    /**
     * Prepares a lookup, which starts at the nearest peers of the routing table.
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
        this.book = new AddressBook(
                target,
                LookupConfig.maxCandidates(context.k()),
                context.config().get(KademliaConfig.MAX_ADDRESSES_PER_PEER));
        state.track(book);
        List<PeerId> seeds = host
                .routingTable()
                .closest(target, context.lookupConfig().seeds(context.k()))
                .stream()
                .map(PeerInfo::id)
                .toList();
        this.hasSeeds = !seeds.isEmpty();
        this.lookup = context.lookupConfig().start(target, count, context.patience(), seeds, context.self());
    }

    /** Returns whether there was anybody to start with. */
    boolean hasSeeds() {
        return hasSeeds;
    }

    /** Asks whoever is to be asked now. */
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
        closerPeers.forEach(book::add);
        handler.handle(peer, response);
        lookup.onResponse(peer, closerIds, host.nanos());
    }

    @Override
    public void onFailure(PeerId peer, TransportFailure failure) {
        lookup.onFailure(peer, host.nanos());
    }

    /** Returns a peer with the addresses of the routing table and those that were heard. */
    PeerInfo peerInfo(PeerId peer) {
        Optional<PeerInfo> entry = host.routingTable().find(peer);
        return entry.map(routed -> new PeerInfo(peer, book.appendTo(routed.addresses(), peer), routed.connection()))
                .orElseGet(() -> PeerInfo.of(peer, book.addresses(peer)));
    }

    /** Returns the peers that answered, nearest first. */
    List<PeerInfo> closest() {
        return lookup.closest().stream().map(this::peerInfo).toList();
    }

    /** Returns the peers that answered among the nearest that are known. */
    List<PeerInfo> respondedAmongClosest() {
        return lookup.respondedAmongClosest().stream().map(this::peerInfo).toList();
    }

    /** Returns the ids of the peers that answered, nearest first. */
    List<PeerId> closestIds() {
        return lookup.closest();
    }

    /** Returns whether nobody answered. */
    boolean hasNoResponse() {
        return lookup.successes() == 0;
    }

    /** Returns why nothing came of a lookup that nobody answered. */
    KadException noPeers() {
        return new KadException.NoPeers(
                hasSeeds
                        ? "none of the " + lookup.requests() + " peers that were asked answered"
                        : "no peer is known: the routing table is empty");
    }

    int hop(PeerId peer) {
        return lookup.hop(peer);
    }

    boolean isFinished() {
        return lookup.isFinished();
    }

    /** Ends with what there is. */
    void finish() {
        lookup.finish();
        state.cancelRequests(this);
    }

    long nextDeadlineNanos() {
        return lookup.nextDeadlineNanos();
    }
}
