package io.kad.core.query;

import static java.util.Objects.requireNonNull;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.PartialResult;
import io.kad.api.result.QueryResult;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.lookup.AddressBook;
import io.kad.core.lookup.DialAllowance;
import io.kad.core.message.CloserPeersExtractor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * State of one query: its pending requests, the addresses in its responses, its statistics, and whether it has ended. Emits the events
 * of the query to its listener. Confined to one thread at a time.
 */
final class QueryState {

    private final QueryId id;
    private final QueryListener listener;
    private final QueryOperations operations;
    private final long startedNanos;
    private final int maxCloserPeers;
    /** Requests whose results this query waits for, with the listener of each. */
    private final Map<OutboundRequest, RequestListener> pending = new LinkedHashMap<>();

    private final List<AddressBook> books = new ArrayList<>();

    private final List<PeerId> responded = new ArrayList<>();
    private final Map<PeerId, TransportFailure> failed = new LinkedHashMap<>();
    private Supplier<QueryLogic.Findings> findings = () -> QueryLogic.Findings.NONE;
    private PartialResult.LocalCopy localCopy = PartialResult.LocalCopy.NONE;
    private @Nullable StoreException localFailure;

    private int requests;
    private int successes;
    private int failures;
    private int largestHop;
    private boolean ended;

    /**
     * Creates the state of a query that has sent nothing yet.
     *
     * @param maxCloserPeers the number of closer peers that are read of one response; further ones are ignored, by the events, the addresses
     *     and the lookup alike
     */
    QueryState(QueryId id, QueryListener listener, QueryOperations operations, int maxCloserPeers) {
        this.id = id;
        this.listener = listener;
        this.operations = operations;
        this.maxCloserPeers = maxCloserPeers;
        this.startedNanos = operations.nanos();
    }

    QueryId id() {
        return id;
    }

    /** Returns whether the peer has started this query by itself: nobody reads its result. */
    boolean isBackground() {
        return id.number() < 0;
    }

    /** Sets the source of what the query has found, for its failure. */
    void setFindings(Supplier<QueryLogic.Findings> source) {
        findings = source;
    }

    /** Called when the local store has written the record of the query. */
    void setLocalCopy(PartialResult.LocalCopy copy) {
        localCopy = copy;
    }

    /** Called when the local store failed. */
    void localStoreFailed(StoreException failure) {
        localFailure = failure;
    }

    boolean hasEnded() {
        return ended;
    }

    QueryStats stats() {
        return new QueryStats(
                requests, successes, failures, largestHop, Duration.ofNanos(operations.nanos() - startedNanos));
    }

    /** Removes addresses that fail from {@code book}, until {@link #unregisterAddressBook}. */
    void registerAddressBook(AddressBook book) {
        books.add(book);
    }

    /** Leaves {@code book} alone from now on, as its lookup has ended. */
    void unregisterAddressBook(AddressBook book) {
        books.remove(book);
    }

    /** Removes an address that does not lead to its peer. */
    void removeAddress(PeerId peer, Multiaddr address) {
        books.forEach(book -> book.remove(peer, address));
    }

    /** Sends a request as the other method does, with any number of dials. */
    void sendRequest(KadKey target, PeerInfo peer, KadRequest message, int hop, RequestListener requestListener) {
        sendRequest(target, peer, message, hop, requestListener, DialAllowance.UNLIMITED);
    }

    /**
     * Sends a request and emits {@link QueryEvent.RequestSent}, also if it waits in the queue of its peer; {@code requestListener} is called when the request
     * completes.
     *
     * @param dialPermit tells whether an address may be dialled for it
     */
    void sendRequest(
            KadKey target,
            PeerInfo peer,
            KadRequest message,
            int hop,
            RequestListener requestListener,
            Predicate<Multiaddr> dialPermit) {
        OutboundRequest request = operations.sendRequest(id, peer, message, hop, dialPermit);
        pending.put(request, requestListener);
        requests++;
        if (request.isQueued()) {
            requestQueued(request);
        }
        emit(new QueryEvent.RequestSent(id, peer.id(), target.distance(peer.id().kadKey()), hop));
    }

    /** Returns whether this query waits for the result of {@code request}; false once it is detached. */
    boolean isPending(OutboundRequest request) {
        return pending.containsKey(request);
    }

    /** Called when a request waits for others of the local peer, in a queue of its peer or in the transport. */
    void requestQueued(OutboundRequest request) {
        requirePending(pending.get(request)).onQueued(request.peer());
    }

    /** Called when a queued request is sent. */
    void requestDequeued(OutboundRequest request) {
        requirePending(pending.get(request)).onDequeued(request.peer());
    }

    /** Called when the peer responded to the request. */
    void responseReceived(OutboundRequest request, KadResponse response) {
        List<PeerInfo> closerPeers = response.accept(CloserPeersExtractor.INSTANCE).stream()
                .limit(maxCloserPeers)
                .toList();
        RequestListener requestListener = removeSucceeded(request);
        emit(new QueryEvent.ResponseReceived(
                id, request.peer(), closerPeers.stream().map(PeerInfo::id).toList(), elapsed(request)));
        requestListener.onResponse(request.peer(), response, closerPeers);
    }

    /** Called when a message that has no response was sent. */
    void messageSent(OutboundRequest request) {
        removeSucceeded(request).onAccepted(request.peer());
    }

    /** Called when there will be no response. */
    void requestFailed(OutboundRequest request, TransportFailure failure) {
        RequestListener requestListener = removePending(request);
        failures++;
        failed.put(request.peer(), failure);
        emit(new QueryEvent.RequestFailed(id, request.peer(), failure, elapsed(request)));
        requestListener.onFailure(request.peer(), failure);
    }

    private RequestListener removeSucceeded(OutboundRequest request) {
        RequestListener requestListener = removePending(request);
        successes++;
        responded.add(request.peer());
        largestHop = Math.max(largestHop, request.hop());
        return requestListener;
    }

    private RequestListener removePending(OutboundRequest request) {
        return requirePending(pending.remove(request));
    }

    private static RequestListener requirePending(@Nullable RequestListener requestListener) {
        return requireNonNull(requestListener, "the request is not pending");
    }

    private Duration elapsed(OutboundRequest request) {
        return Duration.ofNanos(operations.nanos() - request.sentNanos());
    }

    void emit(QueryEvent event) {
        listener.onEvent(event, stats());
    }

    /** Detaches the pending requests of {@code requestListener}. */
    void detachRequests(RequestListener requestListener) {
        pending.entrySet().removeIf(entry -> {
            boolean detached = entry.getValue() == requestListener;
            if (detached) {
                operations.detachRequest(entry.getKey());
            }
            return detached;
        });
    }

    /** Ends the query with a result. */
    void complete(Function<QueryStats, QueryResult> result) {
        QueryStats stats = stats();
        QueryResult value = result.apply(stats);
        end(stats, operations::detachRequest);
        listener.onComplete(id, value);
    }

    /** Ends the query with a failure. */
    void fail(Function<QueryStats, KadException> failure) {
        QueryStats stats = stats();
        KadException value = withPartialResult(failure.apply(stats), stats);
        end(stats, operations::detachRequest);
        listener.onFailure(id, value);
    }

    private KadException withPartialResult(KadException failure, QueryStats stats) {
        QueryLogic.Findings found = findings();
        PartialResult partial = new PartialResult(found.record(), found.providers(), responded, failed, localCopy);
        return localCause(failure).initPartial(partial, stats);
    }

    /** Returns what was found; nothing if that fails, which is a defect: the query must end nonetheless. */
    private QueryLogic.Findings findings() {
        try {
            return findings.get();
        } catch (Throwable fault) {
            return QueryLogic.Findings.NONE;
        }
    }

    /** Returns {@code failure}, or the failure of the local peer that caused it: remote peers are not to blame for that. */
    private KadException localCause(KadException failure) {
        StoreException store = localFailure;
        boolean reachedNone = failure instanceof KadException.NoPeers
                || (failure instanceof KadException.QuorumNotReached quorum
                        && quorum.successes().isEmpty());
        if (store != null && failure instanceof KadException.NoPeers) {
            return new KadException.StoreFailed(
                    "cannot read the local store: " + store.getMessage() + "; " + failure.getMessage(), store);
        } else if (reachedNone && !failed.isEmpty() && failed.values().stream().allMatch(QueryState::isOverload)) {
            return new KadException.Overloaded(
                    "cannot send requests: " + failed.values().iterator().next().message() + "; retry later");
        }
        return failure;
    }

    private static boolean isOverload(TransportFailure failure) {
        return failure.kind() == TransportFailure.Kind.OVERLOADED;
    }

    /** Ends the query with neither result nor failure. */
    void cancel() {
        end(stats(), operations::cancelRequest);
    }

    private void end(QueryStats stats, Consumer<OutboundRequest> release) {
        if (ended) {
            throw new IllegalStateException("query " + id + " has already ended");
        }
        ended = true;
        pending.keySet().forEach(release);
        pending.clear();
        listener.onEvent(new QueryEvent.Ended(id, stats), stats);
    }
}
