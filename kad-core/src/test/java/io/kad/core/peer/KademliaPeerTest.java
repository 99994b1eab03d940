package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.Query;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.RoutingUpdate;
import io.kad.api.StoreSizes;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.BootstrapResult;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Peers;
import io.kad.core.event.RecordingSubscriber;
import io.kad.core.lookup.DialAllowance;
import io.kad.core.query.RequestId;
import io.kad.core.query.StoreOperationId;
import io.kad.core.runtime.EngineDriver;
import io.kad.core.runtime.Environment;
import io.kad.core.runtime.ManualEnvironment;
import io.kad.core.runtime.RecordingTransport;
import io.kad.core.runtime.ScriptedEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SilentLog.class)
class KademliaPeerTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RecordKey KEY = RecordKey.utf8("/app/x");
    private static final Multiaddr ADDRESS = Peers.address(1);
    private static final TransportFailure UNREACHABLE =
            new TransportFailure(TransportFailure.Kind.UNREACHABLE, "nobody there");

    private final PeerFixture fixture = new PeerFixture();
    private final ManualEnvironment world = fixture.world;
    private final ScriptedEngine engine = fixture.engine;
    private final RecordingTransport transport = fixture.transport;
    private final Kademlia peer = fixture.peer;

    private Throwable failureOf(CompletableFuture<?> stage) {
        world.settle();
        assertThat(stage).isCompletedExceptionally();
        return stage.handle((answer, failure) -> failure).join();
    }

    // --- requests of the engine

    private void start(EngineAction... actions) {
        engine.on(
                EngineEvent.StartQuery.class, (event, out) -> Stream.of(actions).forEach(out::emit));
        var unused = peer.bootstrap();
        world.settle();
    }

    private EngineAction.SendRequest send(long number, KadRequest message) {
        return new EngineAction.SendRequest(
                new RequestId(number), new QueryId(1), Peers.info(1), message, SECOND, DialAllowance.UNLIMITED);
    }

    @Test
    void theAnswerToARequestGoesToTheEngine() {
        KadRequest.FindNode message = new KadRequest.FindNode(Bytes.utf8("x"));
        KadResponse answer = new KadResponse.FindNode(List.of(Peers.info(2)));
        start(send(5, message));

        assertThat(transport.requests.get(0).message).isEqualTo(message);
        transport.requests.get(0).callback.onSuccess(answer);
        world.settle();

        assertThat(engine.events).last().isEqualTo(new EngineEvent.ResponseReceived(new RequestId(5), answer));
    }

    @Test
    void aMessageWithoutAnAnswerIsSentOneWay() {
        start(send(5, new KadRequest.AddProvider(KEY, List.of(Peers.info(0)))), send(6, addProvider()));

        transport.messages.get(0).callback.onSuccess(null);
        transport.messages.get(1).callback.onFailure(UNREACHABLE);
        world.settle();

        assertThat(transport.requests).isEmpty();
        assertThat(engine.events)
                .endsWith(
                        new EngineEvent.MessageSent(new RequestId(5)),
                        new EngineEvent.RequestFailed(new RequestId(6), UNREACHABLE));
    }

    private static KadRequest addProvider() {
        return new KadRequest.AddProvider(KEY, List.of());
    }

    @Test
    void givingARequestUpCancelsItAtTheTransport() {
        start(send(5, new KadRequest.GetValue(KEY)), send(6, new KadRequest.GetValue(KEY)));
        engine.on(EngineEvent.CancelQuery.class, (event, out) -> {
            out.emit(new EngineAction.CancelRequest(new RequestId(6)));
            out.emit(new EngineAction.CancelRequest(new RequestId(6)));
            out.emit(new EngineAction.CancelRequest(new RequestId(77)));
        });

        peer.query(new QueryId(1)).orElseThrow().cancel();
        world.settle();

        assertThat(transport.requests.get(0).cancelled).isFalse();
        assertThat(transport.requests.get(1).cancelled).isTrue();
    }

    @Test
    void aTransportThatThrowsFailsTheRequestAndNothingElse() {
        transport.defect = new IllegalStateException("a defect");
        start(send(5, new KadRequest.GetValue(KEY)), new EngineAction.Serve(false));

        assertThat(engine.events).last().isInstanceOf(EngineEvent.RequestFailed.class);
        assertThat(peer.mode()).isEqualTo(Mode.CLIENT);
    }

    // --- stores, for the engine

    @Test
    void anOwnRecordReplacesTheOneHeldUnlessAValidatorPrefersThat() throws StoreException {
        RecordKey key = RecordKey.utf8("/newest/x");
        Record older = Record.of(key, Bytes.utf8("a"));
        Record newer = Record.of(key, Bytes.utf8("b"));
        start(
                new EngineAction.SaveRecord(new StoreOperationId(1), newer),
                new EngineAction.SaveRecord(new StoreOperationId(2), older));
        assertThat(engine.events)
                .filteredOn(EngineEvent.RecordSaved.class::isInstance)
                .extracting(event -> ((EngineEvent.RecordSaved) event).kept().value())
                .containsExactly(newer.value(), newer.value());
        assertThat(fixture.records.get(key).orElseThrow().value()).isEqualTo(newer.value());
    }

    @Test
    void aBetterRecordThatWasReadReplacesTheOwnOneAndThatIsTold() throws StoreException {
        start(new EngineAction.SaveRecord(
                new StoreOperationId(1), Record.of(KEY, Bytes.utf8("own")).withPublisher(Peers.peer(0))));
        Record own = fixture.records.get(KEY).orElseThrow();
        PublicationTime later =
                PublicationTime.stated(own.published().orElseThrow().time().plusMillis(1));
        Record better = Record.of(KEY, Bytes.utf8("better")).withPublished(Optional.of(later));
        Record removed = better.withPublisher(Peers.peer(0));
        start(
                new EngineAction.MergeRecord(new StoreOperationId(2), removed, Peers.peer(3), Optional.empty()),
                new EngineAction.MergeRecord(new StoreOperationId(3), own, Peers.peer(3), Optional.empty()));
        assertThat(fixture.records.get(KEY)).as("never a copy of an own record").contains(own);
        RecordingSubscriber<DhtEvent> told = new RecordingSubscriber<>(10);
        peer.events().subscribe(told);
        start(new EngineAction.MergeRecord(new StoreOperationId(4), better, Peers.peer(3), Optional.empty()));
        fixture.world.settle();

        assertThat(fixture.records.get(KEY)).contains(better);
        assertThat(told.events).contains(new DhtEvent.RecordSuperseded(own, better, Peers.peer(3)));
    }

    @Test
    void pagesOfTheStoresAreRead() throws StoreException {
        Record own = Record.of(KEY, Bytes.utf8("v")).withPublisher(Peers.peer(0));
        fixture.records.update(KEY, held -> Optional.of(own));
        ProviderRecord provider = new ProviderRecord(KEY, Peers.peer(0), List.of(), Optional.empty());
        fixture.providers.add(provider);
        start(
                new EngineAction.LoadRecordPage(new StoreOperationId(1), true, Optional.empty(), 5),
                new EngineAction.LoadRecordPage(new StoreOperationId(2), false, Optional.empty(), 5),
                new EngineAction.LoadProviderPage(new StoreOperationId(3), Optional.empty(), 5));
        assertThat(engine.events)
                .endsWith(
                        new EngineEvent.RecordPageLoaded(
                                new StoreOperationId(1), new Page<>(List.of(own), Optional.empty())),
                        new EngineEvent.RecordPageLoaded(
                                new StoreOperationId(2), new Page<>(List.of(own), Optional.empty())),
                        new EngineEvent.ProviderPageLoaded(
                                new StoreOperationId(3), new Page<>(List.of(provider), Optional.empty())));
    }

    @Test
    void theStoresAreThereForTheUserToo() {
        assertThat(peer.recordStore()).isSameAs(fixture.records);
        assertThat(peer.providerStore()).isSameAs(fixture.providers);
    }

    @Test
    void whatIsDisabledIsRefused() {
        PeerFixture disabled = new PeerFixture(KademliaConfig.builder()
                .set(KademliaConfig.VALUES_ENABLED, false)
                .set(KademliaConfig.PROVIDERS_ENABLED, false)
                .build());
        Kademlia without = disabled.peer;
        Record record = Record.of(KEY, Bytes.utf8("v"));
        for (Query<?> query : List.of(
                without.getRecord(KEY, Quorum.one()),
                without.putRecord(record, Quorum.one()),
                without.putRecordTo(record, List.of(Peers.info(1)), Quorum.one()),
                without.startProviding(KEY),
                without.getProviders(KEY, 1))) {
            disabled.world.settle();
            assertThat(query.result())
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(KadException.InvalidRequest.class)
                    .withMessageContaining("disabled");
        }
    }

    @Test
    void theAddressesOfAPeerAreThoseOfTheTableAndThoseItTold() {
        transport.handler.onEvent(new TransportEvent.ConnectionOpened(Peers.inbound(3)));
        transport.handler.onEvent(new TransportEvent.PeerIdentified(
                Peers.identification(3, Set.of(), List.of(Peers.address(3), Peers.address(4))), Peers.inbound(3)));
        fixture.world.settle();
        assertThat(peer.knownAddresses(Peers.peer(3))).containsExactly(Peers.address(3), Peers.address(4));
        assertThat(peer.knownAddresses(Peers.peer(4))).isEmpty();
    }

    @Test
    void theStoresAnswerTheEngine() throws StoreException {
        Record record = Record.of(KEY, Bytes.utf8("v"));
        ProviderRecord provider = new ProviderRecord(KEY, Peers.peer(0), List.of(), Optional.empty());
        start(
                new EngineAction.SaveRecord(new StoreOperationId(1), record),
                new EngineAction.LoadRecord(new StoreOperationId(2), KEY),
                new EngineAction.SaveProvider(new StoreOperationId(3), provider),
                new EngineAction.LoadProviders(new StoreOperationId(4), KEY, 10));

        Record saved = fixture.records.get(KEY).orElseThrow();
        assertThat(saved.published()).as("it is published now").isPresent();
        assertThat(engine.events)
                .endsWith(
                        new EngineEvent.RecordSaved(new StoreOperationId(1), saved),
                        new EngineEvent.RecordLoaded(new StoreOperationId(2), Optional.of(saved)),
                        new EngineEvent.ProviderSaved(new StoreOperationId(3)),
                        new EngineEvent.ProvidersLoaded(new StoreOperationId(4), List.of(provider)));
    }

    @Test
    void aStoreThatRefusesOrBreaksTellsTheEngine() {
        fixture.records.limit = 0;
        fixture.providers.limit = 0;
        start(
                new EngineAction.SaveRecord(new StoreOperationId(1), Record.of(KEY, Bytes.utf8("v"))),
                new EngineAction.SaveProvider(
                        new StoreOperationId(2), new ProviderRecord(KEY, Peers.peer(0), List.of(), Optional.empty())));
        assertThat(engine.told(EngineEvent.StoreFailed.class))
                .extracting(EngineEvent.StoreFailed::operationId)
                .containsExactly(new StoreOperationId(1), new StoreOperationId(2));
        assertThat(engine.told(EngineEvent.StoreFailed.class).get(0).failure()).isInstanceOf(StoreException.Full.class);

        fixture.records.defect = new IllegalStateException("a defect");
        start(new EngineAction.LoadRecord(new StoreOperationId(3), KEY));
        assertThat(engine.told(EngineEvent.StoreFailed.class)).last().satisfies(failed -> {
            assertThat(failed.operationId()).isEqualTo(new StoreOperationId(3));
            assertThat(failed.failure()).isInstanceOf(StoreException.Failed.class);
        });
    }

    @Test
    void aStoreThatMayBlockIsNeverCalledOnTheEnginesThread() {
        PeerFixture blocking = new PeerFixture(true);
        blocking.engine.on(
                EngineEvent.StartQuery.class,
                (event, out) -> out.emit(new EngineAction.LoadRecord(new StoreOperationId(1), KEY)));
        var unused = blocking.peer.bootstrap();
        blocking.world.runEngine();
        assertThat(blocking.engine.told(EngineEvent.RecordLoaded.class)).isEmpty();
        assertThat(blocking.world.store).hasSize(1);

        blocking.world.settle();
        assertThat(blocking.engine.told(EngineEvent.RecordLoaded.class)).hasSize(1);
    }

    @Test
    void aStoreExecutorThatIsFullFailsTheCall() {
        PeerFixture blocking = new PeerFixture(true);
        blocking.world.storeIsFull = true;
        blocking.engine.on(
                EngineEvent.StartQuery.class,
                (event, out) -> out.emit(new EngineAction.LoadRecord(new StoreOperationId(1), KEY)));
        var unused = blocking.peer.bootstrap();
        CompletableFuture<StoreSizes> sizes = blocking.peer.storeSizes();
        blocking.world.settle();

        assertThat(blocking.engine.told(EngineEvent.StoreFailed.class)).hasSize(1);
        assertThat(sizes).isCompletedExceptionally();
    }

    // --- callbacks

    @Test
    void nothingOfTheUsersRunsInsideTheEngineEvenOnAnExecutorThatRunsItAtOnce() {
        ScriptedEngine direct = new ScriptedEngine();
        Environment atOnce = world.environment().withCallbackExecutor(Runnable::run);
        Kademlia other = fixture.start(direct, atOnce);
        BootstrapResult answer = new BootstrapResult(0, 0, new QueryStats(0, 0, 0, 0, Duration.ZERO));
        direct.on(EngineEvent.StartQuery.class, (event, out) -> {
            out.emit(new EngineAction.CompleteQuery(event.queryId(), answer));
            out.emit(new EngineAction.Serve(false));
        });
        List<Boolean> inside = new ArrayList<>();
        CompletableFuture<Void> seen = other.bootstrap().result().thenAccept(result -> {
            inside.add(direct.isAdvancing());
            throw new IllegalStateException("a user's mistake");
        });
        world.settle();

        assertThat(inside).containsExactly(false);
        assertThat(seen).isCompletedExceptionally();
        assertThat(other.mode()).isEqualTo(Mode.CLIENT);
    }

    @Test
    void aCallbackExecutorThatHasEndedLeavesNoFutureOpen() {
        Environment ended = world.environment().withCallbackExecutor(task -> {
            throw new RejectedExecutionException("ended");
        });
        Kademlia other = fixture.start(new ScriptedEngine(), ended);

        CompletableFuture<BootstrapResult> result = other.bootstrap().result();
        other.close();

        assertThat(result).isCompletedExceptionally();
    }

    // --- commands

    @Test
    void commandsAreAnsweredByTheEngine() {
        engine.on(
                EngineEvent.AddAddress.class,
                (event, out) ->
                        out.emit(new EngineAction.CompleteAddAddress(event.commandId(), RoutingUpdate.SUCCESS)));
        engine.on(
                EngineEvent.RemoveAddress.class,
                (event, out) -> out.emit(new EngineAction.CompleteRemove(event.commandId(), false)));
        engine.on(
                EngineEvent.RemovePeer.class,
                (event, out) -> out.emit(new EngineAction.CompleteRemove(event.commandId(), true)));

        CompletableFuture<RoutingUpdate> added = peer.addAddress(Peers.peer(1), ADDRESS);
        CompletableFuture<Boolean> address = peer.removeAddress(Peers.peer(1), ADDRESS);
        CompletableFuture<Boolean> removed = peer.removePeer(Peers.peer(1));
        world.runEngine();
        assertThat(added).isNotDone();
        world.settle();

        assertThat(added).isCompletedWithValue(RoutingUpdate.SUCCESS);
        assertThat(address).isCompletedWithValue(false);
        assertThat(removed).isCompletedWithValue(true);
    }

    @Test
    void aServerServesFromTheMomentItIsBuilt() {
        ScriptedEngine serving = new ScriptedEngine()
                .on(EngineEvent.SetMode.class, (event, out) -> out.emit(new EngineAction.Serve(true)));

        assertThat(fixture.start(serving, world.environment()).mode()).isEqualTo(Mode.SERVER);
        assertThat(transport.served).containsExactly(true);
    }

    @Test
    void aChangeOfModeIsThereToBeSeenWhenItsFutureCompletes() {
        engine.on(
                EngineEvent.SetMode.class,
                (event, out) -> out.emit(new EngineAction.Serve(event.mode() == Mode.SERVER)));
        CompletableFuture<Mode> seen = peer.mode(Mode.SERVER).thenApply(done -> peer.mode());
        assertThat(seen).isNotDone();
        world.settle();

        assertThat(seen).isCompletedWithValue(Mode.SERVER);
        assertThat(transport.served).containsExactly(true);
    }

    @Test
    void externalAddressesComeBeforeThoseOfTheListeners() {
        Multiaddr listener = Peers.address(2);
        transport.listenAddresses = List.of(listener, ADDRESS);

        var set = peer.externalAddresses(Set.of(ADDRESS));
        world.settle();

        assertThat(set).isCompleted();
        assertThat(peer.addresses()).containsExactly(ADDRESS, listener);
        assertThat(engine.events).last().isEqualTo(new EngineEvent.SetExternalAddresses(Set.of(ADDRESS)));
    }

    @Test
    void ownRecordsAreRemovedAndThoseOfOthersAreLeft() throws StoreException {
        Record own = Record.of(KEY, Bytes.utf8("v")).withPublisher(peer.peerId());
        RecordKey foreignKey = RecordKey.utf8("/app/foreign");
        Record foreign = Record.of(foreignKey, Bytes.utf8("v")).withPublisher(Peers.peer(1));
        fixture.records.update(KEY, held -> Optional.of(own));
        fixture.records.update(foreignKey, held -> Optional.of(foreign));

        var removed = peer.removeRecord(KEY);
        var again = peer.removeRecord(KEY);
        var others = peer.removeRecord(foreignKey);
        var sizes = peer.storeSizes();
        world.settle();

        assertThat(removed).isCompletedWithValue(true);
        assertThat(again).isCompletedWithValue(false);
        assertThat(others).isCompletedWithValue(false);
        assertThat(sizes).isCompletedWithValue(new StoreSizes(1, 0));
    }

    @Test
    void providingStopsForThisPeerAlone() throws StoreException {
        fixture.providers.add(new ProviderRecord(KEY, peer.peerId(), List.of(), Optional.empty()));
        fixture.providers.add(new ProviderRecord(KEY, Peers.peer(1), List.of(), Optional.empty()));

        var stopped = peer.stopProviding(KEY);
        var again = peer.stopProviding(KEY);
        world.settle();

        assertThat(stopped).isCompletedWithValue(true);
        assertThat(again).isCompletedWithValue(false);
        assertThat(fixture.providers.providers(KEY, 10))
                .extracting(ProviderRecord::provider)
                .containsExactly(Peers.peer(1));
    }

    // --- transport

    @Test
    void whatTheTransportAnswersCompletesOnTheCallbackExecutor() {
        var ping = peer.ping(Peers.info(1), SECOND);
        var listen = peer.listen(ADDRESS);
        transport.pings.get(0).callback.onSuccess(Duration.ofMillis(3));
        transport.listens.get(0).onSuccess(List.of(ADDRESS));
        assertThat(ping).isNotDone();

        world.settle();
        assertThat(ping).isCompletedWithValue(Duration.ofMillis(3));
        assertThat(listen).isCompletedWithValue(List.of(ADDRESS));
    }

    @Test
    void whatTheTransportRefusesFailsWithItsReason() {
        var connect = peer.connect(Peers.info(1), SECOND);
        transport.connects.get(0).callback.onFailure(UNREACHABLE);

        assertThat(failureOf(connect))
                .isInstanceOfSatisfying(
                        KadException.TransportFailed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(UNREACHABLE));
    }

    @Test
    void givingUpACallToTheTransportCancelsItThere() {
        var ping = peer.ping(Peers.info(1), SECOND);
        var answered = peer.ping(Peers.info(1), SECOND);
        transport.pings.get(1).callback.onSuccess(SECOND);
        world.settle();

        ping.cancel(true);
        answered.cancel(true);

        assertThat(transport.pings.get(0).cancelled).isTrue();
        assertThat(transport.pings.get(1).cancelled).isFalse();
    }

    @Test
    void whatHappensToTheTransportReachesTheEngineAndUsersHearOfIt() {
        TransportEvent opened = new TransportEvent.ConnectionOpened(Peers.outbound(1));
        engine.on(
                EngineEvent.TransportReported.class,
                (event, out) ->
                        out.emit(new EngineAction.EmitDhtEvent(new DhtEvent.TransportEventReceived(event.event()))));
        RecordingSubscriber<DhtEvent> subscriber = new RecordingSubscriber<>(10);
        peer.events().subscribe(subscriber);

        transport.handler.onEvent(opened);
        world.settle();

        assertThat(engine.events).last().isEqualTo(new EngineEvent.TransportReported(opened));
        assertThat(subscriber.events).containsExactly(new DhtEvent.TransportEventReceived(opened));
    }

    @Test
    void aPeerThatPushesWithoutEndCantFillTheMailboxButConnectionsAreAlwaysTold() {
        TransportEvent push =
                new TransportEvent.PeerIdentified(Peers.identification(1, Set.of(), List.of()), Peers.outbound(1));
        TransportEvent closed = new TransportEvent.ConnectionClosed(Peers.outbound(1), 0);
        for (int number = 0; number < EngineDriver.MAX_WAITING_EVENTS + 10; number++) {
            transport.handler.onEvent(push);
        }
        transport.handler.onEvent(closed);
        world.settle();

        assertThat(engine.told(EngineEvent.TransportReported.class))
                .hasSize(EngineDriver.MAX_WAITING_EVENTS + 1)
                .last()
                .isEqualTo(new EngineEvent.TransportReported(closed));
    }

    // --- the end

    @Test
    void closingFailsEverythingThatIsUnderWay() {
        start(send(5, new KadRequest.GetValue(KEY)));
        var query = peer.query(new QueryId(1)).orElseThrow();
        RecordingSubscriber<QueryEvent> steps = new RecordingSubscriber<>(10);
        RecordingSubscriber<DhtEvent> events = new RecordingSubscriber<>(10);
        query.events().subscribe(steps);
        peer.events().subscribe(events);
        CompletableFuture<Duration> ping = peer.ping(Peers.info(1), SECOND);
        CompletableFuture<Boolean> command = peer.removePeer(Peers.peer(1));
        CompletableFuture<Void> mode = peer.mode(Mode.CLIENT);

        peer.close();

        assertThat(query.result()).as("told on the callback executor alone").isNotDone();
        assertThat(failureOf(query.result())).isInstanceOf(KadException.Closed.class);
        assertThat(failureOf(ping)).isInstanceOf(KadException.Closed.class);
        assertThat(failureOf(command)).isInstanceOf(KadException.Closed.class);
        assertThat(failureOf(mode)).isInstanceOf(KadException.Closed.class);
        assertThat(steps.events).last().isInstanceOf(QueryEvent.Ended.class);
        assertThat(steps.signals).endsWith("complete");
        assertThat(events.signals).endsWith("complete");
    }

    @Test
    void afterItIsClosedEverythingFailsAndTheEngineIsLeftAlone() {
        peer.close();
        int toldBefore = engine.events.size();

        List<CompletableFuture<?>> all = List.of(
                peer.bootstrap().result(),
                peer.getRecord(KEY, Quorum.one()).result(),
                peer.addAddress(Peers.peer(1), ADDRESS),
                peer.removePeer(Peers.peer(1)),
                peer.mode(Mode.CLIENT),
                peer.externalAddresses(Set.of()),
                peer.listen(ADDRESS),
                peer.ping(Peers.info(1), SECOND),
                peer.removeRecord(KEY),
                peer.stopProviding(KEY),
                peer.storeSizes());

        for (CompletableFuture<?> each : all) {
            assertThat(failureOf(each)).isInstanceOf(KadException.Closed.class);
        }
        assertThat(transport.pings).isEmpty();
        assertThat(peer.queries()).isEmpty();
        transport.handler.onEvent(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        world.settle();
        assertThat(engine.events).hasSize(toldBefore);
    }

    @Test
    void closingClosesEachPartOnceAndOnlyWhatIsThePeersOwn() {
        peer.close();
        peer.close();

        assertThat(transport.closes).isEqualTo(1);
        assertThat(fixture.records.closes).isEqualTo(1);
        assertThat(fixture.providers.closes).isZero();
        assertThat(fixture.releases).isEqualTo(1);
    }

    @Test
    void aPeerThatIsClosedIsNotWokenAnyMore() {
        engine.deadlineNanos = world.nanos() + 1_000;
        var unused = peer.mode(Mode.CLIENT);
        world.runEngine();
        assertThat(world.timers).hasSize(1);

        peer.close();

        assertThat(world.timers).isEmpty();
    }
}
