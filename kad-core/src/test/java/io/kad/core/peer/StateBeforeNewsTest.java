package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.RoutingTableView;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.KadEngine;
import io.kad.core.engine.Peers;
import io.kad.core.record.Validators;
import io.kad.core.runtime.EngineDriver;
import io.kad.core.runtime.ManualEnvironment;
import io.kad.core.runtime.RecordingTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A future completes, and an event is emitted, only after its effect can be read. Callbacks run the moment they are handed over. */
class StateBeforeNewsTest {

    private static final String PROTOCOL = "/test/kad/1.0.0";
    private static final Multiaddr ADDRESS = Peers.address(1);

    private final PeerFixture fixture = new PeerFixture();
    private final ManualEnvironment world = fixture.world;
    private final RecordingTransport transport = fixture.transport;
    private final Kademlia peer = fixture.start(
            new KadEngine(
                    Peers.peer(0),
                    KademliaConfig.of(PROTOCOL).toBuilder()
                            .set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.empty())
                            .build(),
                    new Validators(List.of()),
                    new Random(1)),
            world.environment().withCallbackExecutor(Runnable::run));

    /** Returns the state in the moment in which {@code future} completes. */
    private <T> T stateAt(CompletableFuture<?> future, Supplier<T> state) {
        CompletableFuture<T> seen = future.thenApply(done -> state.get());
        world.settle();
        return seen.join();
    }

    private boolean contains(int number) {
        return peer.routingTable().find(Peers.peer(number)).isPresent();
    }

    @Test
    void anAddedPeerIsInTheTable() {
        assertThat(stateAt(peer.addAddress(Peers.peer(1), ADDRESS), () -> contains(1)))
                .isTrue();
    }

    @Test
    void aRemovedAddressOrPeerIsNotInTheTable() {
        var first = peer.addAddress(Peers.peer(1), ADDRESS);
        var second = peer.addAddress(Peers.peer(2), Peers.address(2));
        world.settle();

        assertThat(List.of(first, second)).allMatch(CompletableFuture::isDone);
        assertThat(stateAt(peer.removePeer(Peers.peer(2)), () -> contains(2))).isFalse();
        assertThat(stateAt(peer.removeAddress(Peers.peer(1), ADDRESS), () -> contains(1)))
                .isFalse();
    }

    @Test
    void aModeIsInEffect() {
        assertThat(stateAt(peer.mode(Mode.CLIENT), () -> peer.mode())).isEqualTo(Mode.CLIENT);
        assertThat(transport.served).last().isEqualTo(false);
    }

    @Test
    void externalAddressesAreKnownAndAnnounced() {
        List<Multiaddr> seen = stateAt(peer.externalAddresses(Set.of(ADDRESS)), peer::addresses);

        assertThat(seen).containsExactly(ADDRESS);
    }

    @Test
    void refusedExternalAddressesAreNotShown() {
        for (int number = 0; number < EngineDriver.MAX_WAITING_EVENTS + 10; number++) {
            transport.handler.onEvent(
                    new TransportEvent.PeerIdentified(Peers.identification(1, Set.of(), List.of()), Peers.outbound(1)));
        }
        var refused = peer.externalAddresses(Set.of(ADDRESS));

        assertThat(refused).isCompletedExceptionally();
        assertThat(peer.addresses()).isEmpty();
    }

    @Test
    void eventsOfTheTableComeAfterTheirChange() {
        List<Optional<RoutingTableView.Entry>> seen = new ArrayList<>();
        peer.onEvent(event -> {
            if (event instanceof DhtEvent.RoutingUpdated || event instanceof DhtEvent.PeerRemoved) {
                seen.add(peer.routingTable().find(Peers.peer(1)));
            }
        });
        var added = peer.addAddress(Peers.peer(1), ADDRESS);
        world.settle();
        var removed = peer.removePeer(Peers.peer(1));
        world.settle();

        assertThat(List.of(added, removed)).allMatch(CompletableFuture::isDone);
        assertThat(seen).hasSize(2);
        assertThat(seen.get(0)).isPresent();
        assertThat(seen.get(1)).isEmpty();
    }

    @Test
    void aConnectedPeerIsConnectedInTheTable() {
        var added = peer.addAddress(Peers.peer(1), ADDRESS);
        world.settle();
        var connect = peer.connect(Peers.info(1), Duration.ofSeconds(1));
        CompletableFuture<Boolean> seen = connect.thenApply(
                done -> peer.routingTable().find(Peers.peer(1)).orElseThrow().connected());

        transport.handler.onEvent(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        transport.connects.get(0).callback.onSuccess(Peers.outbound(1));
        world.settle();

        assertThat(added).isDone();
        assertThat(seen).isCompletedWithValue(true);
    }

    @Test
    void aCommandIsNotCompletedBeforeTheEngineHasProcessedIt() {
        var mode = peer.mode(Mode.CLIENT);
        assertThat(mode).isNotDone();
        world.settle();
        assertThat(mode).isCompleted();
        assertThat(fixture.engine.told(EngineEvent.SetMode.class)).hasSize(1);
    }
}
