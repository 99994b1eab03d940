package io.kad.core.engine;

import static io.kad.core.engine.EngineFixture.PROTOCOL;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.BucketInserts;
import io.kad.api.KademliaConfig;
import io.kad.api.RoutingUpdate;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.ClosestPeersResult;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoutingTableMaintenanceTest {

    private final EngineFixture fixture = new EngineFixture();

    @Test
    void aDialledServerIsInsertedWithTheDialledAddressFirst() {
        Multiaddr listenAddress = Multiaddr.parse("/ip4/10.7.7.7/tcp/1");

        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        assertThat(fixture.snapshot().size()).isZero();
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of("/x/1", PROTOCOL), List.of(listenAddress)), Peers.outbound(1)));

        assertThat(fixture.snapshot().find(Peers.peer(1))).hasValueSatisfying(entry -> {
            assertThat(entry.addresses()).containsExactly(Peers.address(1), listenAddress);
            assertThat(entry.connection()).isEqualTo(ConnectionType.CONNECTED);
        });
        assertThat(fixture.events(DhtEvent.RoutingUpdated.class))
                .singleElement()
                .satisfies(update -> {
                    assertThat(update.peer()).isEqualTo(Peers.peer(1));
                    assertThat(update.added()).isTrue();
                    assertThat(update.bucket())
                            .isEqualTo(EngineFixture.SELF
                                    .kadKey()
                                    .distance(Peers.peer(1).kadKey())
                                    .log2());
                });
    }

    @Test
    void anInboundServerIsInsertedWithItsListenAddressesOnly() {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.inbound(1)));
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of(PROTOCOL), List.of(Peers.address(1))), Peers.inbound(1)));

        assertThat(fixture.snapshot().find(Peers.peer(1)).orElseThrow().addresses())
                .containsExactly(Peers.address(1));
    }

    @Test
    void aServerWithoutAnAddressIsUnroutable() {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.inbound(1)));
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of(PROTOCOL), List.of()), Peers.inbound(1)));

        assertThat(fixture.snapshot().size()).isZero();
        assertThat(fixture.events(DhtEvent.UnroutablePeer.class))
                .containsExactly(new DhtEvent.UnroutablePeer(Peers.peer(1)));
    }

    @Test
    void snapshotPeersWithAnAddressAreInsertedAsDisconnected() {
        fixture.advance(new EngineEvent.PeerSnapshotLoaded(
                List.of(PeerInfo.of(Peers.peer(1), List.of(Peers.address(1))), PeerInfo.of(Peers.peer(2), List.of()))));

        assertThat(fixture.snapshot().find(Peers.peer(1)))
                .contains(new PeerInfo(Peers.peer(1), List.of(Peers.address(1)), ConnectionType.NOT_CONNECTED));
        assertThat(fixture.snapshot().size()).isEqualTo(1);
        assertThat(fixture.events(DhtEvent.RoutingUpdated.class))
                .extracting(DhtEvent.RoutingUpdated::peer)
                .containsExactly(Peers.peer(1));
    }

    @Test
    void aClientIsNeverInserted() {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of("/other/kad/1.0.0"), List.of(Peers.address(1))), Peers.outbound(1)));

        assertThat(fixture.snapshot().size()).isZero();
        assertThat(fixture.all(EngineAction.UpdateRoutingSnapshot.class)).isEmpty();
    }

    @Test
    void aPeerThatBecomesAClientIsRemoved() {
        fixture.connectServers(1);
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of(), List.of(Peers.address(1))), Peers.outbound(1)));

        assertThat(fixture.snapshot().size()).isZero();
        assertThat(fixture.events(DhtEvent.PeerRemoved.class)).containsExactly(new DhtEvent.PeerRemoved(Peers.peer(1)));
    }

    @Test
    void aPeerThatBecomesAServerIsInserted() {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        fixture.transport(
                new TransportEvent.PeerIdentified(Peers.identification(1, Set.of(), List.of()), Peers.outbound(1)));
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of(PROTOCOL), List.of()), Peers.outbound(1)));

        assertThat(fixture.snapshot().contains(Peers.peer(1))).isTrue();
    }

    @Test
    void aPeerThatRespondsIsInsertedWithoutIdentify() {
        fixture.connectServers(1);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of(Peers.info(2))));
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(2)));
        assertThat(fixture.snapshot().contains(Peers.peer(2))).isFalse();

        fixture.respond(fixture.pendingTo(2), new KadResponse.FindNode(List.of()));

        assertThat(fixture.snapshot().find(Peers.peer(2)).orElseThrow().addresses())
                .containsExactly(Peers.address(2));
    }

    @Test
    void aPeerThatIsOnlyInAResponseIsNotInserted() {
        fixture.connectServers(1);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of(Peers.info(2))));
        fixture.fail(fixture.pendingTo(2), EngineFixture.TIMED_OUT);

        assertThat(fixture.snapshot().contains(Peers.peer(2))).isFalse();
    }

    @Test
    void aPeerThatRejectsTheProtocolIsRemoved() {
        fixture.connectServers(1, 2);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        fixture.fail(fixture.pendingTo(1), EngineFixture.failure(TransportFailure.Kind.UNSUPPORTED));
        fixture.fail(fixture.pendingTo(2), EngineFixture.failure(TransportFailure.Kind.UNREACHABLE));

        assertThat(fixture.snapshot().contains(Peers.peer(1))).isFalse();
        assertThat(fixture.snapshot().contains(Peers.peer(2))).isTrue();
        assertThat(fixture.events(DhtEvent.PeerRemoved.class)).containsExactly(new DhtEvent.PeerRemoved(Peers.peer(1)));
    }

    @Test
    void aPeerIsDisconnectedWhenItsLastConnectionCloses() {
        fixture.connectServers(1);
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.inbound(1)));
        fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(1), 1));
        assertThat(connection(1)).isEqualTo(ConnectionType.CONNECTED);

        fixture.transport(new TransportEvent.ConnectionClosed(Peers.inbound(1), 0));
        assertThat(connection(1)).isEqualTo(ConnectionType.NOT_CONNECTED);

        fixture.transport(new TransportEvent.ConnectionOpened(Peers.inbound(1)));
        assertThat(connection(1)).isEqualTo(ConnectionType.CONNECTED);
    }

    private ConnectionType connection(int number) {
        return fixture.snapshot().find(Peers.peer(number)).orElseThrow().connection();
    }

    @Test
    void anAddressThatCannotBeDialledIsRemovedUnlessItIsTheLast() {
        fixture.connectServers(1);
        addAddress(1, Peers.address(101));
        fixture.transport(new TransportEvent.DialFailed(Peers.peer(1), Peers.address(1), EngineFixture.TIMED_OUT));
        fixture.transport(new TransportEvent.DialFailed(Peers.peer(1), Peers.address(101), EngineFixture.TIMED_OUT));
        fixture.connectServers(2); // somebody is heard, so that it is not the network

        assertThat(fixture.snapshot().find(Peers.peer(1)).orElseThrow().addresses())
                .containsExactly(Peers.address(101));
    }

    @Test
    void anAddressThatTheUserAddsToAPendingPeerStays() {
        List<Integer> bucket = IntStream.range(1, 200)
                .filter(number -> EngineFixture.SELF
                                .kadKey()
                                .commonPrefixLength(Peers.peer(number).kadKey())
                        == 0)
                .limit(21)
                .boxed()
                .toList();
        bucket.subList(0, 20).forEach(number -> fixture.connectServers(number));
        fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(bucket.get(0)), 0));
        int pending = bucket.get(20);
        fixture.connectServers(pending);
        addAddress(pending, Peers.address(1000));
        fixture.pass(Duration.ofMinutes(2));
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(pending, Set.of(EngineFixture.PROTOCOL), List.of(Peers.address(1001))),
                Peers.outbound(pending)));

        assertThat(fixture.snapshot().find(Peers.peer(pending)).orElseThrow().addresses())
                .contains(Peers.address(1000));
    }

    @Test
    void addressesBeyondTheLimitAreIgnored() {
        List<Multiaddr> many = IntStream.range(0, 40).mapToObj(Peers::address).toList();
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.inbound(1)));
        fixture.transport(
                new TransportEvent.PeerIdentified(Peers.identification(1, Set.of(PROTOCOL), many), Peers.inbound(1)));

        assertThat(fixture.snapshot().find(Peers.peer(1)).orElseThrow().addresses())
                .isEqualTo(many.subList(0, KademliaConfig.MAX_ADDRESSES_PER_PEER.defaultValue()));
    }

    @Test
    void aFurtherAddressIsEmittedOnce() {
        fixture.connectServers(1);
        addAddress(1, Peers.address(101));
        addAddress(1, Peers.address(101));

        assertThat(fixture.events(DhtEvent.RoutingUpdated.class))
                .satisfiesExactly(
                        first -> {
                            assertThat(first.added()).isTrue();
                            assertThat(first.addresses()).containsExactly(Peers.address(1));
                        },
                        further -> {
                            assertThat(further.added()).isFalse();
                            assertThat(further.addresses()).containsExactly(Peers.address(101), Peers.address(1));
                        });
    }

    // --- the user

    private RoutingUpdate addAddress(int number, Multiaddr address) {
        fixture.advance(new EngineEvent.AddAddress(new CommandId(9), Peers.peer(number), address));
        EngineAction.CompleteAddAddress complete = fixture.last(EngineAction.CompleteAddAddress.class);
        assertThat(complete.commandId()).isEqualTo(new CommandId(9));
        return complete.update();
    }

    @Test
    void aPeerAddedByTheUserIsDisconnected() {
        assertThat(addAddress(1, Peers.address(1).withPeerId(Peers.peer(1)))).isEqualTo(RoutingUpdate.SUCCESS);

        assertThat(connection(1)).isEqualTo(ConnectionType.NOT_CONNECTED);
        assertThat(fixture.snapshot().find(Peers.peer(1)).orElseThrow().addresses())
                .containsExactly(Peers.address(1));
    }

    @Test
    void anAddressOfAnotherPeerIsRejected() {
        assertThat(addAddress(1, Peers.address(1).withPeerId(Peers.peer(2)))).isEqualTo(RoutingUpdate.FAILED);
        assertThat(addAddress(1, Multiaddr.parse("/p2p/" + Peers.peer(1)))).isEqualTo(RoutingUpdate.FAILED);
        assertThat(addAddress(0, Peers.address(0))).isEqualTo(RoutingUpdate.FAILED);
        assertThat(fixture.snapshot().size()).isZero();
    }

    @Test
    void addingAnAddressOfAConnectedPeerLeavesItConnected() {
        fixture.connectServers(1);
        addAddress(1, Peers.address(101));

        assertThat(connection(1)).isEqualTo(ConnectionType.CONNECTED);
    }

    @Test
    void removingTheLastAddressRemovesThePeer() {
        addAddress(1, Peers.address(1));
        addAddress(1, Peers.address(101));

        assertThat(removeAddress(1, Peers.address(1).withPeerId(Peers.peer(1)))).isTrue();
        assertThat(removeAddress(1, Peers.address(1))).isFalse();
        assertThat(fixture.events(DhtEvent.PeerRemoved.class)).isEmpty();
        assertThat(removeAddress(1, Peers.address(101))).isTrue();
        assertThat(fixture.snapshot().size()).isZero();
        assertThat(fixture.events(DhtEvent.PeerRemoved.class)).hasSize(1);
    }

    private boolean removeAddress(int number, Multiaddr address) {
        fixture.advance(new EngineEvent.RemoveAddress(new CommandId(3), Peers.peer(number), address));
        return fixture.last(EngineAction.CompleteRemove.class).removed();
    }

    @Test
    void removingAPeerReturnsWhetherItWasInTheTable() {
        fixture.connectServers(1);

        fixture.advance(new EngineEvent.RemovePeer(new CommandId(4), Peers.peer(1)));
        assertThat(fixture.last(EngineAction.CompleteRemove.class))
                .isEqualTo(new EngineAction.CompleteRemove(new CommandId(4), true));
        fixture.advance(new EngineEvent.RemovePeer(new CommandId(5), Peers.peer(1)));
        assertThat(fixture.last(EngineAction.CompleteRemove.class))
                .isEqualTo(new EngineAction.CompleteRemove(new CommandId(5), false));
        assertThat(fixture.events(DhtEvent.PeerRemoved.class)).hasSize(1);
    }

    @Test
    void aPeerRemovedByTheUserIsInsertedAgainWhenItResponds() {
        fixture.connectServers(1);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        fixture.advance(new EngineEvent.RemovePeer(new CommandId(4), Peers.peer(1)));
        assertThat(fixture.snapshot().contains(Peers.peer(1))).isFalse();
        fixture.respondToFindNodes();
        assertThat(fixture.snapshot().contains(Peers.peer(1))).isTrue();

        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        assertThat(removeAddress(1, Peers.address(1))).isTrue();
        assertThat(fixture.snapshot().contains(Peers.peer(1))).isFalse();
        fixture.respondToFindNodes();
        assertThat(fixture.snapshot().contains(Peers.peer(1))).isTrue();
    }

    // --- full buckets

    /** Returns numbers of peers of the farthest bucket. */
    private static List<Integer> farPeers(int count) {
        return IntStream.iterate(1, number -> number + 1)
                .filter(number -> EngineFixture.SELF
                                .kadKey()
                                .distance(Peers.peer(number).kadKey())
                                .log2()
                        == KadKey.BITS - 1)
                .limit(count)
                .boxed()
                .toList();
    }

    @Test
    void aConnectedServerReplacesTheLeastRecentlySeenDisconnectedPeerThatDoesNotReconnect() {
        Duration pendingTimeout = Duration.ofSeconds(90);
        EngineFixture small = new EngineFixture(EngineFixture.config()
                .set(KademliaConfig.BUCKET_SIZE, 2)
                .set(KademliaConfig.PENDING_TIMEOUT, pendingTimeout));
        List<Integer> far = farPeers(3);
        small.connectServers(far.get(0), far.get(1));
        small.transport(new TransportEvent.ConnectionClosed(Peers.outbound(far.get(1)), 0));
        small.transport(new TransportEvent.ConnectionClosed(Peers.outbound(far.get(0)), 0));

        small.connectServers(far.get(2));

        assertThat(small.only(EngineAction.Dial.class).peer().id()).isEqualTo(Peers.peer(far.get(1)));
        assertThat(small.events(DhtEvent.PendingPeer.class))
                .containsExactly(new DhtEvent.PendingPeer(Peers.peer(far.get(2))));
        assertThat(small.snapshot().view().pending())
                .singleElement()
                .satisfies(entry -> assertThat(entry.peer()).isEqualTo(Peers.peer(far.get(2))));
        small.pass(pendingTimeout.minusNanos(1));
        assertThat(small.snapshot().contains(Peers.peer(far.get(2)))).isFalse();
        small.pass(Duration.ofNanos(1));
        assertThat(small.events(DhtEvent.RoutingUpdated.class))
                .last()
                .satisfies(update -> assertThat(update.evicted()).contains(Peers.peer(far.get(1))));
        assertThat(small.snapshot().contains(Peers.peer(far.get(2)))).isTrue();
        assertThat(small.snapshot().view().pending()).isEmpty();
        assertThat(small.snapshot().contains(Peers.peer(far.get(1)))).isFalse();
    }

    @Test
    void aConnectedServerDoesNotReplaceAPeerThatReconnects() {
        EngineFixture small = new EngineFixture(EngineFixture.config().set(KademliaConfig.BUCKET_SIZE, 1));
        List<Integer> far = farPeers(2);
        small.connectServers(far.get(0));
        small.transport(new TransportEvent.ConnectionClosed(Peers.outbound(far.get(0)), 0));
        small.connectServers(far.get(1));
        small.transport(new TransportEvent.ConnectionOpened(Peers.outbound(far.get(0))));
        small.pass(Duration.ofMinutes(2));

        assertThat(small.snapshot().contains(Peers.peer(far.get(0)))).isTrue();
        assertThat(small.snapshot().contains(Peers.peer(far.get(1)))).isFalse();
    }

    @Test
    void aServerWhoseBucketIsFullOfConnectedPeersIsRoutableButNotInserted() {
        EngineFixture small = new EngineFixture(EngineFixture.config().set(KademliaConfig.BUCKET_SIZE, 1));
        List<Integer> far = farPeers(2);
        small.connectServers(far.get(0), far.get(1));

        assertThat(small.events(DhtEvent.RoutablePeer.class))
                .containsExactly(new DhtEvent.RoutablePeer(Peers.peer(far.get(1)), List.of(Peers.address(far.get(1)))));
        small.advance(new EngineEvent.AddAddress(new CommandId(1), Peers.peer(far.get(1)), Peers.address(5)));
        assertThat(small.last(EngineAction.CompleteAddAddress.class).update()).isEqualTo(RoutingUpdate.FAILED);
    }

    @Test
    void withManualInsertsOnlyTheUserAddsPeersAndTheirAddressesAreKeptUpToDate() {
        EngineFixture manual =
                new EngineFixture(EngineFixture.config().set(KademliaConfig.BUCKET_INSERTS, BucketInserts.MANUAL));
        manual.connectServers(1);
        assertThat(manual.snapshot().size()).isZero();
        assertThat(manual.events(DhtEvent.RoutablePeer.class))
                .containsExactly(new DhtEvent.RoutablePeer(Peers.peer(1), List.of(Peers.address(1))));

        manual.advance(new EngineEvent.AddAddress(new CommandId(1), Peers.peer(1), Peers.address(9)));
        assertThat(manual.snapshot().find(Peers.peer(1)).orElseThrow().connection())
                .isEqualTo(ConnectionType.CONNECTED);
        manual.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of(EngineFixture.PROTOCOL), List.of(Peers.address(7))), Peers.outbound(1)));
        assertThat(manual.snapshot().find(Peers.peer(1)).orElseThrow().addresses())
                .contains(Peers.address(7), Peers.address(9));
    }

    @Test
    void aConnectionThatMovesUpdatesItsAddressInTheTable() {
        fixture.connectServers(1);
        ConnectionInfo before = Peers.outbound(1);
        ConnectionInfo after = Peers.connection(before.id(), 1, before.direction(), Peers.address(8));
        fixture.transport(new TransportEvent.AddressChanged(before, after));

        assertThat(fixture.snapshot().find(Peers.peer(1)).orElseThrow().addresses())
                .containsExactly(Peers.address(8));
    }

    @Test
    void anAddressThatFailedIsNotDialledAgainByTheSameQuery() {
        fixture.connectServers(1);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        PeerInfo returned = PeerInfo.of(Peers.peer(2), List.of(Peers.address(2), Peers.address(3)));
        fixture.transport(new TransportEvent.DialFailed(Peers.peer(2), Peers.address(2), EngineFixture.TIMED_OUT));
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of(returned)));
        fixture.transport(new TransportEvent.DialFailed(Peers.peer(2), Peers.address(2), EngineFixture.TIMED_OUT));
        fixture.respond(fixture.pendingTo(2), new KadResponse.FindNode(List.of()));

        assertThat(fixture.result(ClosestPeersResult.class).peers())
                .filteredOn(peer -> peer.id().equals(Peers.peer(2)))
                .singleElement()
                .satisfies(peer -> assertThat(peer.addresses()).containsExactly(Peers.address(3)));
    }

    // --- what others see

    @Test
    void aSnapshotIsEmittedOncePerAdvanceThatChangesTheTable() {
        fixture.connectServers(1);
        List<EngineAction> unchanged = fixture.advance(new EngineEvent.DeadlineReached());
        List<EngineAction> changed = fixture.advance(new EngineEvent.RemovePeer(new CommandId(1), Peers.peer(1)));

        assertThat(unchanged).noneMatch(EngineAction.UpdateRoutingSnapshot.class::isInstance);
        assertThat(changed)
                .filteredOn(EngineAction.UpdateRoutingSnapshot.class::isInstance)
                .hasSize(1);
        assertThat(changed.get(changed.size() - 1)).isInstanceOf(EngineAction.UpdateRoutingSnapshot.class);
    }

    @Test
    void everyTransportEventIsEmitted() {
        Multiaddr listener = Peers.address(0);
        ConnectionInfo connection = Peers.outbound(1);
        List<TransportEvent> events = List.of(
                new TransportEvent.ListenerOpened(listener),
                new TransportEvent.ListenerFailed(listener, EngineFixture.TIMED_OUT),
                new TransportEvent.AddressExpired(listener),
                new TransportEvent.ListenerClosed(listener),
                new TransportEvent.ConnectionOpened(connection),
                new TransportEvent.PeerIdentified(Peers.identification(1, Set.of(), List.of()), connection),
                new TransportEvent.AddressChanged(connection, connection),
                new TransportEvent.DialFailed(Peers.peer(1), Peers.address(2), EngineFixture.TIMED_OUT),
                new TransportEvent.ConnectionClosed(connection, 0));
        events.forEach(fixture::transport);

        assertThat(fixture.events(DhtEvent.TransportEventReceived.class))
                .extracting(DhtEvent.TransportEventReceived::event)
                .isEqualTo(events);
    }

    @Test
    void connectionsAreCountedByIdentityInWhicheverOrderTheirEventsCome() {
        fixture.connectServers(1);
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.inbound(1)));

        // The event of the second close, with no connection left, overtakes that of the first
        fixture.transport(new TransportEvent.ConnectionClosed(Peers.inbound(1), 0));
        assertThat(connection(1)).isEqualTo(ConnectionType.CONNECTED);
        fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(1), 1));
        assertThat(connection(1)).isEqualTo(ConnectionType.NOT_CONNECTED);

        // A late event of a closed connection does not end a new one
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.inbound(1)));
        fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(1), 0));
        assertThat(connection(1)).isEqualTo(ConnectionType.CONNECTED);
    }

    @Test
    void aPeerThatIsIdentifiedAfterItsConnectionClosedIsNotInserted() {
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of(PROTOCOL), List.of(Peers.address(1))), Peers.outbound(1)));

        assertThat(fixture.snapshot().size()).isZero();
    }

    @Test
    void anEngineStartsWithoutPeers() {
        assertThat(fixture.engine.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(Optional.of(fixture.snapshot().size())).contains(0);
    }

    private static Multiaddr port(int port) {
        return Multiaddr.parse("/ip4/10.0.0.1/tcp/" + port);
    }

    private static ConnectionInfo inbound(long id) {
        return Peers.connection(id, 1, ConnectionInfo.Direction.INBOUND, port(50000));
    }

    /** Peer 1 connects, states {@code addresses}, and disconnects. */
    private void session(long connection, Multiaddr... addresses) {
        fixture.transport(new TransportEvent.ConnectionOpened(inbound(connection)));
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of(PROTOCOL), List.of(addresses)), inbound(connection)));
        fixture.transport(new TransportEvent.ConnectionClosed(inbound(connection), 0));
    }

    private List<Multiaddr> addressesOfPeer1() {
        return fixture.snapshot().find(Peers.peer(1)).orElseThrow().addresses();
    }

    @Test
    void aPeerThatRestartsOnOtherPortsHasOnlyTheAddressesThatItStatedLast() {
        for (int restart = 0; restart < 20; restart++) {
            session(100 + restart, port(4000 + restart), port(5000 + restart));
        }

        assertThat(addressesOfPeer1()).containsExactly(port(4019), port(5019));
    }

    @Test
    void identifyKeepsTheAddressesThatTheUserAdded() {
        fixture.advance(new EngineEvent.AddAddress(new CommandId(1), Peers.peer(1), port(1)));
        fixture.advance(
                new EngineEvent.BootstrapPeersAdded(List.of(PeerInfo.of(Peers.peer(1), List.of(port(2), port(3))))));
        fixture.advance(new EngineEvent.RemoveAddress(new CommandId(2), Peers.peer(1), port(3)));
        session(100, port(4000));
        session(101, port(4001));

        assertThat(addressesOfPeer1()).containsExactlyInAnyOrder(port(4001), port(1), port(2));
    }

    @Test
    void aPeerCannotCrowdOutTheAddressesThatTheUserAdded() {
        fixture.advance(new EngineEvent.AddAddress(new CommandId(1), Peers.peer(1), port(1)));
        session(
                100,
                IntStream.range(4000, 4100)
                        .mapToObj(RoutingTableMaintenanceTest::port)
                        .toArray(Multiaddr[]::new));

        assertThat(addressesOfPeer1()).contains(port(1)).hasSize(KademliaConfig.MAX_ADDRESSES_PER_PEER.defaultValue());
    }

    @Test
    void identifyWithoutAddressesLeavesThePeerReachable() {
        session(100, port(4000));
        session(101);

        assertThat(addressesOfPeer1()).containsExactly(port(4000));
    }

    @Test
    void addressesOfPeersThatLeftTheTableAreNotKept() {
        fixture.advance(new EngineEvent.AddAddress(new CommandId(1), Peers.peer(1), port(1)));
        fixture.advance(new EngineEvent.RemovePeer(new CommandId(2), Peers.peer(1)));
        session(100, port(4000));

        assertThat(addressesOfPeer1()).containsExactly(port(4000));
    }
}
