package io.kad.core.query;

import static java.util.Objects.requireNonNull;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.lookup.AddressBook;
import io.kad.core.lookup.DialAllowance;
import io.kad.core.lookup.Lookup;
import io.kad.core.lookup.LookupConfig;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Phase of a query that runs a lookup and sends the same request to every peer. Confined to one thread at a time. */
final class LookupPhase implements RequestListener {

    private final QueryState state;
    private final QueryContext context;
    private final QueryOperations operations;
    private final KadKey target;
    private final KadRequest message;
    private final int count;
    private final ResponseHandler handler;
    private final AddressBook addresses;
    private final DialAllowance dials;

    private @Nullable Lookup lookup;
    private boolean converged;

    /** Handler of the responses of a lookup, called before the lookup receives the closer peers. */
    @FunctionalInterface
    interface ResponseHandler {

        /** Ignores every response: for a query that needs the closest peers only. */
        ResponseHandler NONE = (peer, response) -> {};

        /** Reads the response of {@code peer}. */
        void handle(PeerId peer, KadResponse response);
    }

    /**
     * Creates a phase whose lookup has not started.
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
        this.context = context;
        this.operations = context.operations();
        this.target = target;
        this.message = message;
        this.count = count;
        this.handler = handler;
        this.addresses = new AddressBook(
                target,
                LookupConfig.maxCandidates(context.k()),
                context.config().get(KademliaConfig.MAX_ADDRESSES_PER_PEER));
        this.dials = new DialAllowance(context.config().get(TransportOptions.MAX_LOOKUP_DIALS));
    }

    /** Starts the lookup at the closest peers of the routing table; returns whether there was one. {@link #proceed} sends the requests. */
    boolean start() {
        return !startAtSeeds().isEmpty();
    }

    private List<PeerId> startAtSeeds() {
        List<PeerId> seeds =
                operations.routingTable().closest(target, context.lookupConfig().seedCount(context.k())).stream()
                        .map(PeerInfo::id)
                        .toList();
        lookup = context.lookupConfig().start(target, count, context.responseTimesSource(), seeds, context.self());
        state.registerAddressBook(addresses);
        return seeds;
    }

    private Lookup started() {
        return requireNonNull(lookup, "the lookup has not started");
    }

    boolean isStarted() {
        return lookup != null;
    }

    /** Sends the requests for which slots are free, and abandons all outstanding ones once the lookup has finished. */
    void proceed() {
        Lookup running = started();
        for (Optional<PeerId> next = running.next(operations.nanos());
                next.isPresent();
                next = running.next(operations.nanos())) {
            PeerId peer = next.get();
            state.sendRequest(target, peerInfo(peer), message, running.hop(peer), this, dials.beyond(routed(peer)));
        }
        if (!converged && running.hasConverged()) {
            converged = true;
            state.emit(new QueryEvent.Converged(state.id(), running.closestCandidatesThatResponded()));
        }
        if (running.isFinished()) {
            abandonOutstanding();
        }
    }

    private void abandonOutstanding() {
        state.abandonRequests(this);
        state.unregisterAddressBook(addresses);
    }

    @Override
    public void onResponse(PeerId peer, KadResponse response, List<PeerInfo> closerPeers, List<PeerId> closerIds) {
        for (PeerInfo closer : closerPeers) {
            if (closer.id().equals(context.self())) {
                operations.selfReturned(closer.addresses());
            } else {
                addresses.add(closer);
            }
        }
        handler.handle(peer, response);
        started().onResponse(peer, closerIds, operations.nanos());
    }

    @Override
    public void onDelayed(PeerId peer) {
        started().onDelayed(peer);
    }

    @Override
    public void onResumed(PeerId peer) {
        started().onResumed(peer, operations.nanos());
    }

    @Override
    public void onFailure(PeerId peer, TransportFailure failure) {
        started().onFailure(peer, operations.nanos());
    }

    private List<Multiaddr> routed(PeerId peer) {
        return operations.routingTable().find(peer).map(PeerInfo::addresses).orElse(List.of());
    }

    /** Returns a peer with the addresses in the routing table and in the responses so far. */
    PeerInfo peerInfo(PeerId peer) {
        Optional<PeerInfo> entry = operations.routingTable().find(peer);
        return entry.map(
                        routed -> new PeerInfo(peer, addresses.appendTo(routed.addresses(), peer), routed.connection()))
                .orElseGet(() -> PeerInfo.of(peer, addresses.addresses(peer)));
    }

    /** Returns the closest peers that responded, closest first, at most as many as the lookup has to find, for each disjoint path. */
    List<PeerInfo> closestResponded() {
        return closestRespondedIds().stream().map(this::peerInfo).toList();
    }

    /** Returns the IDs of {@link #closestResponded}; empty before the start. */
    List<PeerId> closestRespondedIds() {
        return lookup == null ? List.of() : lookup.closestResponded();
    }

    /** Returns the peers that responded among the closest candidates. */
    List<PeerInfo> closestCandidatesThatResponded() {
        return started().closestCandidatesThatResponded().stream()
                .map(this::peerInfo)
                .toList();
    }

    /** Returns whether peers were queried and none of them has responded. */
    boolean isUnanswered() {
        return lookup != null && lookup.requests() > 0 && lookup.successes() == 0;
    }

    /** Fails the query, as the routing table was empty or no peer responded. */
    void failWithoutResponse() {
        failWithoutResponse(state, context, started().requests());
    }

    /** Fails a query to which no peer responded. */
    static void failWithoutResponse(QueryState state, QueryContext context, int queried) {
        Optional<String> other = context.operations().otherProtocol();
        state.fail(stats -> other.isPresent()
                ? KadException.NoPeers.otherProtocol(
                        context.config().get(KademliaConfig.PROTOCOL), other.get(), queried, stats)
                : queried == 0
                        ? KadException.NoPeers.emptyTable(stats)
                        : KadException.NoPeers.noResponse(queried, stats));
    }

    /** Returns the number of requests that were sent. */
    int requests() {
        return started().requests();
    }

    int hop(PeerId peer) {
        return started().hop(peer);
    }

    /** Returns whether the lookup has converged, which is enough for a read. */
    boolean hasConverged() {
        return lookup != null && lookup.hasConverged();
    }

    boolean isFinished() {
        return started().isFinished();
    }

    /** Finishes the lookup with the results so far. */
    void finish() {
        if (lookup == null) {
            start();
        }
        started().finish();
        abandonOutstanding();
    }

    long nextDeadlineNanos() {
        return lookup == null ? Long.MAX_VALUE : lookup.nextDeadlineNanos();
    }
}
