package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.Mode;
import io.kad.api.Query;
import io.kad.api.RoutingUpdate;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.result.BootstrapResult;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Peers;
import io.kad.core.runtime.ManualEnvironment;
import io.kad.core.runtime.RecordingTransport;
import io.kad.core.runtime.ScriptedEngine;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Futures belong to users: a user who completes or cancels one stops the operation where that is possible, and harms nothing else. */
@ExtendWith(SilentLog.class)
class UserFuturesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RecordKey KEY = RecordKey.utf8("/app/x");
    private static final Multiaddr ADDRESS = Peers.address(1);
    private static final TransportFailure CANCELLED =
            new TransportFailure(TransportFailure.Kind.CANCELLED, "cancelled");

    private final PeerFixture fixture = new PeerFixture(true);
    private final ManualEnvironment world = fixture.world;
    private final ScriptedEngine engine = fixture.engine;
    private final RecordingTransport transport = fixture.transport;
    private final Kademlia peer = fixture.peer;

    /** Checks that the peer still carries out what it is asked for. */
    private void assertWorks() {
        engine.on(
                EngineEvent.RemovePeer.class,
                (event, out) -> out.emit(new EngineAction.CompleteRemove(event.commandId(), true)));
        CompletableFuture<Boolean> removed = peer.removePeer(Peers.peer(9));
        world.settle();
        assertThat(removed).isCompletedWithValue(true);
    }

    @Test
    void thereIsOneKindOfFuture() {
        List<Class<?>> kinds = Stream.of(Kademlia.class, Query.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .<Class<?>>map(Method::getReturnType)
                .filter(CompletionStage.class::isAssignableFrom)
                .toList();

        assertThat(kinds).hasSizeGreaterThan(10).containsOnly(CompletableFuture.class);
    }

    @Test
    void aStoreCallThatWaitsIsNotMadeForACancelledFuture() throws StoreException {
        Record own = Record.of(KEY, Bytes.utf8("v")).withPublisher(peer.peerId());
        fixture.records.update(KEY, held -> Optional.of(own));

        CompletableFuture<Boolean> cancelled = peer.removeRecord(KEY);
        cancelled.cancel(false);
        world.settle();
        assertThat(fixture.records.get(KEY)).contains(own);

        CompletableFuture<Boolean> removed = peer.removeRecord(KEY);
        world.settle();
        assertThat(removed).isCompletedWithValue(true);
        assertThat(fixture.records.get(KEY)).isEmpty();
    }

    @Test
    void sizesThatNobodyWaitsForAreReadNoFurther() {
        var sizes = peer.storeSizes();
        ManualEnvironment.runNext(world.store);
        sizes.cancel(false);
        ManualEnvironment.runNext(world.store);
        world.runCallbacks();

        assertThat(sizes).isCancelled();
        assertWorks();
    }

    @Test
    void aCommandOfACancelledFutureIsCarriedOutAndItsAnswerIgnored() {
        engine.on(
                EngineEvent.AddAddress.class,
                (event, out) ->
                        out.emit(new EngineAction.CompleteAddAddress(event.commandId(), RoutingUpdate.SUCCESS)));

        CompletableFuture<RoutingUpdate> cancelled = peer.addAddress(Peers.peer(1), ADDRESS);
        CompletableFuture<RoutingUpdate> completed = peer.addAddress(Peers.peer(1), ADDRESS);
        CompletableFuture<Void> mode = peer.mode(Mode.CLIENT);
        cancelled.cancel(true);
        completed.complete(RoutingUpdate.FAILED);
        mode.completeExceptionally(new IllegalStateException("of the user"));
        world.settle();

        assertThat(engine.told(EngineEvent.AddAddress.class)).hasSize(2);
        assertThat(engine.told(EngineEvent.SetMode.class)).hasSize(2);
        assertThat(cancelled).isCancelled();
        assertThat(completed).isCompletedWithValue(RoutingUpdate.FAILED);
        assertThat(mode).isCompletedExceptionally();
        assertWorks();
    }

    @Test
    void aTransportCallThatItsUserCompletesIsCancelledAndItsResultIgnored() {
        var completed = peer.ping(Peers.info(1), SECOND);
        var timedOut = peer.connect(Peers.info(1), SECOND);
        completed.complete(Duration.ZERO);
        timedOut.completeExceptionally(new IllegalStateException("of the user"));

        assertThat(transport.pings.get(0).cancelled).isTrue();
        assertThat(transport.connects.get(0).cancelled).isTrue();
        transport.pings.get(0).callback.onFailure(CANCELLED);
        transport.connects.get(0).callback.onSuccess(Peers.outbound(1));
        world.settle();
        assertThat(completed).isCompletedWithValue(Duration.ZERO);
        assertThat(timedOut).isCompletedExceptionally();
        assertWorks();
    }

    @Test
    void aListenerThatItsUserNoLongerWaitsForOpensAllTheSame() {
        var listen = peer.listen(ADDRESS);
        listen.cancel(true);
        transport.listens.get(0).onSuccess(List.of(ADDRESS));
        world.settle();

        assertThat(listen).isCancelled();
        assertWorks();
    }

    @Test
    void aStepBehindAFutureIsAnOrdinaryOne() {
        var ping = peer.ping(Peers.info(1), SECOND);
        Query<BootstrapResult> query = peer.bootstrap();
        ping.thenApply(Duration::toMillis).cancel(true);
        query.result().thenApply(BootstrapResult::peers).cancel(true);
        world.settle();

        assertThat(transport.pings.get(0).cancelled).isFalse();
        assertThat(engine.told(EngineEvent.CancelQuery.class)).isEmpty();
        assertThat(query.result()).isNotDone();
    }

    @Test
    void whatIsLeftOfCancelledFuturesDoesNotHinderTheEnd() {
        var ping = peer.ping(Peers.info(1), SECOND);
        var sizes = peer.storeSizes();
        var command = peer.removePeer(Peers.peer(1));
        List<CompletableFuture<?>> all = List.of(ping, sizes, command);
        all.forEach(each -> each.cancel(true));
        peer.close();
        world.settle();

        assertThat(all).allMatch(CompletableFuture::isCancelled);
        assertThat(fixture.releases).isEqualTo(1);
    }

    @Test
    void everyCommandAtWhichTheEngineBreaksFails() {
        RuntimeException defect = new IllegalStateException("a defect");
        for (Class<? extends EngineEvent> kind : List.of(
                EngineEvent.AddAddress.class,
                EngineEvent.RemoveAddress.class,
                EngineEvent.RemovePeer.class,
                EngineEvent.SetMode.class,
                EngineEvent.SetExternalAddresses.class)) {
            engine.on(kind, (event, out) -> {
                throw defect;
            });
        }

        List<CompletableFuture<?>> commands = List.of(
                peer.addAddress(Peers.peer(1), ADDRESS),
                peer.removeAddress(Peers.peer(1), ADDRESS),
                peer.removePeer(Peers.peer(1)),
                peer.mode(Mode.CLIENT),
                peer.externalAddresses(Set.of(ADDRESS)));
        world.settle();

        assertThat(commands)
                .allSatisfy(command -> assertThatThrownBy(command::get)
                        .hasCauseInstanceOf(KadException.InternalFailure.class)
                        .hasRootCause(defect));
    }
}
