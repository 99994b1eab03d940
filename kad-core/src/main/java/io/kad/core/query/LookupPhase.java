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
    private final ResponseReader responseReader;
    private final AddressBook addresses;
    private final DialAllowance dials;

    private @Nullable Lookup lookup;
    private boolean converged;

    /** Reader of the responses of a lookup, called before the lookup receives the closer peers. */
    @FunctionalInterface
    interface ResponseReader {

        /** Ignores every response: for a query that needs the closest peers only. */
        ResponseReader NONE = (peer, response) -> {};

        /** Reads the response of {@code peer}. */
        void read(PeerId peer, KadResponse response);
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
            ResponseReader responseReader) {
        this.state = state;
        this.context = context;
        this.operations = context.operations();
        this.target = target;
        this.message = message;
        this.count = count;
        this.responseReader = responseReader;
        this.addresses = new AddressBook(
                target,
                LookupConfig.maxCandidates(context.k()),
                context.config().get(KademliaConfig.MAX_ADDRESSES_PER_PEER));
        this.dials = new DialAllowance(context.config().get(TransportOptions.MAX_LOOKUP_DIALS));
    }

    /** Starts the lookup at the closest peers of the routing table; returns whether there was one. {@link #proceed} sends the requests. */
    boolean start() {
        List<PeerId> seeds =
                operations
                        .routingSnapshot()
                        .closest(target, context.lookupConfig().seedCount(context.k()))
                        .stream()
                        .map(PeerInfo::id)
                        .toList();
        lookup = context.lookupConfig()
                .newLookup(target, count, context.responseTimesSource(), context.backOff(), seeds, context.self());
        state.registerAddressBook(addresses);
        return !seeds.isEmpty();
    }

    private Lookup lookup() {
        return requireNonNull(lookup, "the lookup has not started");
    }

    boolean isStarted() {
        return lookup != null;
    }

    /** Sends the requests for which slots are free, and detaches all pending ones once the lookup has finished. */
    void proceed() {
        Lookup running = lookup();
        for (Optional<PeerId> next = running.next(operations.nanos());
                next.isPresent();
                next = running.next(operations.nanos())) {
            PeerId peer = next.get();
            state.sendRequest(
                    target, peerInfo(peer), message, running.hop(peer), this, dials.forRequest(addressesInTable(peer)));
        }
        if (!converged && running.hasConverged()) {
            converged = true;
            state.emit(new QueryEvent.Converged(state.id(), running.respondersAmongClosest()));
        }
        if (running.isFinished()) {
            detachPending();
        }
    }

    private void detachPending() {
        state.detachRequests(this);
        state.unregisterAddressBook(addresses);
    }

    @Override
    public void onResponse(PeerId peer, KadResponse response, List<PeerInfo> closerPeers) {
        closerPeers.forEach(this::addAddresses);
        responseReader.read(peer, response);
        lookup().onResponse(peer, closerPeers.stream().map(PeerInfo::id).toList(), operations.nanos());
    }

    private void addAddresses(PeerInfo closer) {
        if (closer.id().equals(context.self())) {
            operations.onLocalAddressesReturned(closer.addresses());
        } else {
            addresses.add(closer);
        }
    }

    @Override
    public void onQueued(PeerId peer) {
        lookup().onQueued(peer);
    }

    @Override
    public void onDequeued(PeerId peer) {
        lookup().onDequeued(peer, operations.nanos());
    }

    @Override
    public void onFailure(PeerId peer, TransportFailure failure) {
        lookup().onFailure(peer, operations.nanos());
    }

    private List<Multiaddr> addressesInTable(PeerId peer) {
        return operations.routingSnapshot().find(peer).map(PeerInfo::addresses).orElse(List.of());
    }

    /** Returns a peer with the addresses in the routing table and in the responses so far. */
    PeerInfo peerInfo(PeerId peer) {
        Optional<PeerInfo> entry = operations.routingSnapshot().find(peer);
        return entry.map(inTable ->
                        new PeerInfo(peer, addresses.mergedWith(inTable.addresses(), peer), inTable.connection()))
                .orElseGet(() -> PeerInfo.of(peer, addresses.addresses(peer)));
    }

    /** Returns the closest of all peers that responded; see {@link Lookup#closestResponders}. */
    List<PeerInfo> closestResponders() {
        return idsOfClosestResponders().stream().map(this::peerInfo).toList();
    }

    /** Returns the IDs of {@link #closestResponders}; empty before the start. */
    List<PeerId> idsOfClosestResponders() {
        return lookup == null ? List.of() : lookup.closestResponders();
    }

    /** Returns those that responded of the closest candidates, without peers on the way to them; see {@link Lookup#respondersAmongClosest}. */
    List<PeerInfo> respondersAmongClosest() {
        return lookup().respondersAmongClosest().stream().map(this::peerInfo).toList();
    }

    /** Returns whether peers were queried and none of them has responded. */
    boolean isUnanswered() {
        return lookup != null && lookup.requests() > 0 && lookup.successes() == 0;
    }

    /** Fails the query, as the routing table was empty or no peer responded. */
    void failWithoutResponse() {
        failWithoutResponse(state, context, lookup().requests());
    }

    /** Fails a query to which no peer responded. */
    static void failWithoutResponse(QueryState state, QueryContext context, int queried) {
        Optional<String> other = context.operations().mismatchedProtocol();
        state.fail(stats -> other.isPresent()
                ? KadException.NoPeers.otherProtocol(
                        context.config().get(KademliaConfig.PROTOCOL), other.get(), queried, stats)
                : queried == 0
                        ? KadException.NoPeers.emptyTable(stats)
                        : KadException.NoPeers.noResponse(queried, stats));
    }

    /** Returns the number of requests that were sent. */
    int requests() {
        return lookup().requests();
    }

    int hop(PeerId peer) {
        return lookup().hop(peer);
    }

    /** Returns whether the lookup has converged, which is enough for a read. */
    boolean hasConverged() {
        return lookup != null && lookup.hasConverged();
    }

    boolean isFinished() {
        return lookup().isFinished();
    }

    /** Finishes the lookup with the results so far. */
    void finish() {
        if (lookup == null) {
            start();
        }
        lookup().finish();
        detachPending();
    }

    long nextDeadlineNanos() {
        return lookup == null ? Long.MAX_VALUE : lookup.nextDeadlineNanos();
    }
}
