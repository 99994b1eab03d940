package io.kad.core.engine;

import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.RequestId;
import io.kad.core.record.Validators;
import io.kad.core.routing.RoutingSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Engine with virtual time that keeps all actions. */
final class EngineFixture {

    static final String PROTOCOL = "/kad/1.0.0";
    static final PeerId SELF = Peers.peer(0);
    static final Instant EPOCH = Instant.parse("2025-06-01T00:00:00Z");
    static final TransportFailure TIMED_OUT = failure(TransportFailure.Kind.TIMEOUT);

    final KadEngine engine;
    private final List<EngineAction> actions = new ArrayList<>();
    private long nanos;
    private long lastQuery;
    private final Set<RequestId> completed = new HashSet<>();
    private Optional<Class<? extends EngineAction>> breaksAt = Optional.empty();

    EngineFixture() {
        this(config());
    }

    EngineFixture(KademliaConfig.Builder config, RecordValidator... validators) {
        this(7, config, validators);
    }

    EngineFixture(long seed, KademliaConfig.Builder config, RecordValidator... validators) {
        this.engine = new KadEngine(SELF, config.build(), new Validators(Arrays.asList(validators)), new Random(seed));
    }

    /** Returns a configuration without jobs. */
    static KademliaConfig.Builder config() {
        return KademliaConfig.builder()
                .set(KademliaConfig.PROTOCOL, PROTOCOL)
                .set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.empty())
                .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty())
                .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.empty())
                .set(KademliaConfig.EXPIRY_SWEEP_INTERVAL, Optional.empty())
                .set(KademliaConfig.REPLICATE_INTERVAL, Optional.empty())
                .set(KademliaConfig.REPROVIDE_INTERVAL, Optional.empty());
    }

    static TransportFailure failure(TransportFailure.Kind kind) {
        return new TransportFailure(kind, "made up");
    }

    // --- events

    /** Advances and returns the resulting actions. */
    List<EngineAction> advance(EngineEvent event) {
        if (event instanceof EngineEvent.RequestCompleted result) {
            completed.add(result.requestId());
        }
        int before = actions.size();
        engine.advance(now(), event, this::take);
        if (engine.nextDeadlineNanos() <= nanos) {
            throw new AssertionError("the deadline is not in the future after " + event);
        }
        return List.copyOf(actions.subList(before, actions.size()));
    }

    /** Lets the part of the engine that emits the next action of {@code kind} throw, once. */
    void breakAt(Class<? extends EngineAction> kind) {
        breaksAt = Optional.of(kind);
    }

    private void take(EngineAction action) {
        if (breaksAt.filter(kind -> kind.isInstance(action)).isPresent()) {
            breaksAt = Optional.empty();
            throw new IllegalStateException("a defect");
        }
        actions.add(action);
    }

    Now now() {
        return new Now(nanos, EPOCH.plusNanos(nanos));
    }

    long nanos() {
        return nanos;
    }

    /** Lets time pass, stopping at each deadline on the way. */
    void pass(Duration duration) {
        long end = nanos + duration.toNanos();
        while (engine.nextDeadlineNanos() <= end) {
            nanos = engine.nextDeadlineNanos();
            advance(new EngineEvent.DeadlineReached());
        }
        nanos = end;
        advance(new EngineEvent.DeadlineReached());
    }

    /** Lets time pass without calling the engine. */
    void skip(Duration duration) {
        nanos += duration.toNanos();
    }

    QueryId start(QuerySpec spec) {
        QueryId query = new QueryId(++lastQuery);
        advance(new EngineEvent.StartQuery(query, spec));
        return query;
    }

    void transport(TransportEvent event) {
        advance(new EngineEvent.TransportReported(event));
    }

    /** Connects to peers, whose identify lists the protocol. */
    void connectServers(int... numbers) {
        for (int number : numbers) {
            transport(new TransportEvent.ConnectionOpened(Peers.outbound(number)));
            transport(new TransportEvent.PeerIdentified(
                    Peers.identification(number, Set.of(PROTOCOL), List.of(Peers.address(number))),
                    Peers.outbound(number)));
        }
    }

    void respond(EngineAction.SendRequest request, KadResponse response) {
        advance(new EngineEvent.ResponseReceived(request.requestId(), response));
    }

    void fail(EngineAction.SendRequest request, TransportFailure failure) {
        advance(new EngineEvent.RequestFailed(request.requestId(), failure));
    }

    /** Responds to FIND_NODE requests with {@code closer} until none is pending. */
    void respondToFindNodes(PeerInfo... closer) {
        for (Optional<EngineAction.SendRequest> request = nextFindNode();
                request.isPresent();
                request = nextFindNode()) {
            respond(request.get(), new KadResponse.FindNode(List.of(closer)));
        }
    }

    private Optional<EngineAction.SendRequest> nextFindNode() {
        return pending().stream()
                .filter(request -> request.message() instanceof KadRequest.FindNode)
                .findFirst();
    }

    /** Completes the last read of the local record store. */
    void recordLoaded(Optional<Record> record) {
        advance(new EngineEvent.RecordLoaded(last(EngineAction.LoadRecord.class).operationId(), record));
    }

    /** Lets the local store answer the last merge with what was to be merged. */
    void recordMerged() {
        EngineAction.MergeRecord merge = last(EngineAction.MergeRecord.class);
        advance(new EngineEvent.RecordMerged(merge.operationId(), Optional.of(merge.record())));
    }

    // --- reads

    <A extends EngineAction> List<A> all(Class<A> kind) {
        return actions.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <A extends EngineAction> A last(Class<A> kind) {
        List<A> all = all(kind);
        if (all.isEmpty()) {
            throw new AssertionError("there is no " + kind.getSimpleName() + " in " + actions);
        }
        return all.get(all.size() - 1);
    }

    <A extends EngineAction> A only(Class<A> kind) {
        List<A> all = all(kind);
        if (all.size() != 1) {
            throw new AssertionError(
                    "there is not one " + kind.getSimpleName() + " but " + all.size() + " in " + actions);
        }
        return all.get(0);
    }

    List<EngineAction> actions() {
        return actions;
    }

    /** Runs lookups among peers that respond after 100 ms, until enough RTTs are measured for a max wait. */
    void measureRoundTrips() {
        for (int i = 0; i < 70; i++) {
            start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 1));
            while (!pending().isEmpty()) {
                pass(Duration.ofMillis(100));
                respondToFindNodes();
            }
        }
        actions.clear();
    }

    /** Returns the pending requests of queries that have not ended, in the order of sending. Others only run on to be measured. */
    List<EngineAction.SendRequest> pending() {
        Set<QueryId> ended = actions.stream()
                .map(EngineFixture::endedQuery)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
        return outstanding().stream()
                .filter(request -> !ended.contains(request.queryId()))
                .toList();
    }

    private static Optional<QueryId> endedQuery(EngineAction action) {
        if (action instanceof EngineAction.CompleteQuery complete) {
            return Optional.of(complete.queryId());
        }
        return action instanceof EngineAction.FailQuery fail ? Optional.of(fail.queryId()) : Optional.empty();
    }

    /** Returns the requests that have neither a result nor were cancelled, in the order of sending. */
    List<EngineAction.SendRequest> outstanding() {
        return all(EngineAction.SendRequest.class).stream()
                .filter(request -> !completed.contains(request.requestId()))
                .filter(request -> actions.stream()
                        .noneMatch(action -> action instanceof EngineAction.CancelRequest cancelled
                                && cancelled.requestId().equals(request.requestId())))
                .toList();
    }

    EngineAction.SendRequest pendingTo(int number) {
        return pending().stream()
                .filter(request -> request.peer().id().equals(Peers.peer(number)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("peer " + number + " was not queried"));
    }

    List<PeerId> queriedPeers() {
        return all(EngineAction.SendRequest.class).stream()
                .map(request -> request.peer().id())
                .toList();
    }

    <E extends QueryEvent> List<E> queryEvents(Class<E> kind) {
        return all(EngineAction.EmitQueryEvent.class).stream()
                .map(EngineAction.EmitQueryEvent::event)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    Stream<DhtEvent> events() {
        return all(EngineAction.EmitDhtEvent.class).stream().map(EngineAction.EmitDhtEvent::event);
    }

    <E extends DhtEvent> List<E> events(Class<E> kind) {
        return events().filter(kind::isInstance).map(kind::cast).toList();
    }

    RoutingSnapshot snapshot() {
        List<EngineAction.UpdateRoutingSnapshot> all = all(EngineAction.UpdateRoutingSnapshot.class);
        return all.isEmpty()
                ? RoutingSnapshot.empty(SELF)
                : all.get(all.size() - 1).snapshot();
    }

    /** Returns the result of the query, which must have completed once. */
    <R extends java.lang.Record> R result(Class<R> kind) {
        return kind.cast(only(EngineAction.CompleteQuery.class).result());
    }

    /** Returns the failure of the query, which must have failed once. */
    <F extends Exception> F failureOf(Class<F> kind) {
        return kind.cast(only(EngineAction.FailQuery.class).failure());
    }
}
