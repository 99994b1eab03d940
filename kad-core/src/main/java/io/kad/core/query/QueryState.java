package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.lookup.AddressBook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The books of one query: its requests without an outcome, the addresses it heard of, what it has cost, and who is told. */
final class QueryState {

    private final QueryId id;
    private final QueryListener listener;
    private final QueryHost host;
    private final long startedNanos;
    private final Set<OutboundRequest> outstanding = new LinkedHashSet<>();
    private final List<AddressBook> books = new ArrayList<>();

    private int requests;
    private int successes;
    private int failures;
    private int hops;
    private boolean ended;

    QueryState(QueryId id, QueryListener listener, QueryHost host) {
        this.id = id;
        this.listener = listener;
        this.host = host;
        this.startedNanos = host.nanos();
    }

    QueryId id() {
        return id;
    }

    boolean hasEnded() {
        return ended;
    }

    QueryStats stats() {
        return new QueryStats(requests, successes, failures, hops, Duration.ofNanos(host.nanos() - startedNanos));
    }

    /** Returns how many requests were sent. */
    int requests() {
        return requests;
    }

    /** Keeps the addresses in {@code book} up to date. */
    void track(AddressBook book) {
        books.add(book);
    }

    /** Forgets an address that does not lead to its peer. */
    void removeAddress(PeerId peer, Multiaddr address) {
        books.forEach(book -> book.remove(peer, address));
    }

    /** Sends a request and says so. */
    void sendRequest(KadKey target, PeerInfo peer, KadRequest message, int hop, RequestListener listener) {
        outstanding.add(host.sendRequest(id, peer, message, hop, listener));
        requests++;
        emit(new QueryEvent.RequestSent(id, peer.id(), target.distance(peer.id().kadKey()), hop));
    }

    /** Books that a request was answered, and says so. */
    void answered(OutboundRequest request, List<PeerId> closerPeers) {
        succeeded(request);
        emit(new QueryEvent.ResponseReceived(id, request.peer(), closerPeers, elapsed(request)));
    }

    /** Books that a message without an answer arrived. */
    void succeeded(OutboundRequest request) {
        outstanding.remove(request);
        successes++;
        hops = Math.max(hops, request.hop());
    }

    /** Books that a request failed, and says so. */
    void failed(OutboundRequest request, TransportFailure failure) {
        outstanding.remove(request);
        failures++;
        emit(new QueryEvent.RequestFailed(id, request.peer(), failure, elapsed(request)));
    }

    private Duration elapsed(OutboundRequest request) {
        return Duration.ofNanos(host.nanos() - request.sentNanos());
    }

    void emit(QueryEvent event) {
        listener.onEvent(event, stats());
    }

    /** Gives up those requests of {@code listener} that have no outcome. */
    void cancelRequests(RequestListener listener) {
        outstanding.stream().filter(request -> request.listener() == listener).forEach(host::cancelRequest);
        outstanding.removeIf(request -> request.listener() == listener);
    }

    /** Ends the query with an answer. */
    void complete(Function<QueryStats, java.lang.Record> answer) {
        QueryStats stats = end();
        listener.onComplete(id, answer.apply(stats));
    }

    /** Ends the query with a failure. */
    void fail(Function<QueryStats, KadException> failure) {
        QueryStats stats = end();
        listener.onFailure(id, failure.apply(stats));
    }

    /** Gives up what is under way; the query has neither answer nor failure. */
    void cancel() {
        end();
    }

    private QueryStats end() {
        if (ended) {
            throw new IllegalStateException("query " + id + " has ended");
        }
        ended = true;
        outstanding.forEach(host::cancelRequest);
        outstanding.clear();
        QueryStats stats = stats();
        emit(new QueryEvent.Finished(id, stats));
        return stats;
    }
}
