package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.ClosestPeersResult;
import io.kad.api.result.FindPeerResult;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.lookup.LookupConfig;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LookupQueriesTest {

    private static final Bytes KEY = Bytes.utf8("key");

    private final EngineFixture fixture = new EngineFixture();

    private QueryId closest(int count) {
        return fixture.start(new QuerySpec.GetClosestPeers(KEY, count));
    }

    @Test
    void alphaPeersAreQueriedFirstWithTheUnhashedKey() {
        fixture.connectServers(1, 2, 3, 4, 5);
        QueryId query = closest(20);

        assertThat(fixture.pending()).hasSize(3).allSatisfy(request -> {
            assertThat(request.queryId()).isEqualTo(query);
            assertThat(request.message()).isEqualTo(new KadRequest.FindNode(KEY));
            assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(10));
        });
    }

    @Test
    void theResultHasThePeersThatRespondedClosestFirst() {
        fixture.connectServers(1, 2);
        closest(20);
        fixture.respondToFindNodes(Peers.info(1), Peers.info(2), Peers.info(3), Peers.info(4));

        assertThat(fixture.result(ClosestPeersResult.class).peers())
                .extracting(PeerInfo::id)
                .containsExactlyElementsOf(Peers.byDistance(KadKey.hash(KEY), 4).stream()
                        .map(Peers::peer)
                        .toList());
        assertThat(fixture.result(ClosestPeersResult.class).stats()).satisfies(stats -> {
            assertThat(stats.requests()).isEqualTo(4);
            assertThat(stats.successes()).isEqualTo(4);
            assertThat(stats.failures()).isZero();
            assertThat(stats.hops()).isEqualTo(2);
        });
    }

    @Test
    void peersInResponsesAreFoundWithTheAddressesThere() {
        fixture.connectServers(1);
        closest(20);
        Multiaddr second = Peers.address(202);
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of(Peers.info(2), Peers.info(3))));
        fixture.respond(
                fixture.pendingTo(2),
                new KadResponse.FindNode(List.of(PeerInfo.of(Peers.peer(3), List.of(second, Peers.address(3))))));
        fixture.respond(fixture.pendingTo(3), new KadResponse.FindNode(List.of()));

        assertThat(fixture.result(ClosestPeersResult.class).peers())
                .filteredOn(peer -> peer.id().equals(Peers.peer(3)))
                .flatExtracting(PeerInfo::addresses)
                .containsExactly(Peers.address(3), second);
    }

    @Test
    void aRequestCarriesTheAddressesOfTheTableFirst() {
        fixture.connectServers(1);
        fixture.advance(new EngineEvent.AddAddress(new CommandId(1), Peers.peer(2), Peers.address(22)));
        fixture.advance(new EngineEvent.RemovePeer(new CommandId(2), Peers.peer(2)));
        closest(20);
        fixture.advance(new EngineEvent.AddAddress(new CommandId(3), Peers.peer(2), Peers.address(22)));
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of(Peers.info(2))));

        assertThat(fixture.pendingTo(2).peer().addresses()).containsExactly(Peers.address(22), Peers.address(2));
    }

    @Test
    void addressesBeyondTheLimitAreNotUsed() {
        fixture.connectServers(1);
        closest(20);
        List<Multiaddr> many = IntStream.range(0, 50).mapToObj(Peers::address).toList();
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of(PeerInfo.of(Peers.peer(2), many))));

        assertThat(fixture.pendingTo(2).peer().addresses())
                .isEqualTo(many.subList(0, KademliaConfig.MAX_ADDRESSES_PER_PEER.defaultValue()));
    }

    /** Else a remote peer could fill the candidates and the addresses of a lookup. */
    @Test
    void onlyTheFirstPeersOfALongResponseAreRead() {
        int limit = LookupConfig.maxCloserPeers(20);
        fixture.connectServers(1);
        closest(20);
        List<PeerInfo> others = new ArrayList<>(Peers.byDistance(KadKey.hash(KEY), limit + 2).stream()
                .filter(number -> number != 1)
                .map(Peers::info)
                .toList());
        Collections.reverse(others);
        PeerInfo closest = others.get(limit);

        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(others));

        assertThat(fixture.all(EngineAction.EmitQueryEvent.class))
                .extracting(EngineAction.EmitQueryEvent::event)
                .filteredOn(QueryEvent.ResponseReceived.class::isInstance)
                .allSatisfy(event -> assertThat(((QueryEvent.ResponseReceived) event).closerPeers())
                        .hasSize(limit)
                        .doesNotContain(closest.id()))
                .hasSize(1);
        assertThat(fixture.pending())
                .isNotEmpty()
                .noneMatch(request -> request.peer().id().equals(closest.id()));
    }

    @Test
    void neitherTheLocalPeerNorAPeerTwiceIsQueried() {
        fixture.connectServers(1);
        closest(20);
        fixture.respondToFindNodes(Peers.info(0), Peers.info(1), Peers.info(2), Peers.info(2));

        assertThat(fixture.queriedPeers()).containsExactly(Peers.peer(1), Peers.peer(2));
    }

    @Test
    void aPeerThatFailsIsLeftOut() {
        fixture.connectServers(1, 2);
        QueryId query = closest(20);
        fixture.pass(Duration.ofMillis(5));
        fixture.fail(fixture.pendingTo(1), EngineFixture.TIMED_OUT);
        fixture.respondToFindNodes();

        assertThat(fixture.result(ClosestPeersResult.class).peers())
                .extracting(PeerInfo::id)
                .containsExactly(Peers.peer(2));
        assertThat(fixture.result(ClosestPeersResult.class).stats().failures()).isEqualTo(1);
        assertThat(fixture.queryEvents(QueryEvent.RequestFailed.class))
                .containsExactly(new QueryEvent.RequestFailed(
                        query, Peers.peer(1), EngineFixture.TIMED_OUT, Duration.ofMillis(5)));
    }

    @Test
    void aResponseOfAnotherKindIsAFailure() {
        fixture.connectServers(1);
        closest(20);
        fixture.respond(fixture.pendingTo(1), new KadResponse.Ping());

        assertThat(fixture.queryEvents(QueryEvent.RequestFailed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.failure().kind()).isEqualTo(TransportFailure.Kind.INVALID));
        fixture.failureOf(KadException.NoPeers.class);
    }

    @Test
    void aLookupWithoutAResponseFails() {
        fixture.connectServers(1, 2);
        closest(20);
        fixture.fail(fixture.pendingTo(1), EngineFixture.TIMED_OUT);
        fixture.fail(fixture.pendingTo(2), EngineFixture.TIMED_OUT);

        assertThat(fixture.failureOf(KadException.NoPeers.class)).satisfies(failure -> {
            assertThat(failure).hasMessageStartingWith("no peer responded (2 queried): ");
            assertThat(failure.isTableEmpty()).isFalse();
            assertThat(failure.queried()).isEqualTo(2);
            assertThat(failure.stats()).hasValueSatisfying(stats -> {
                assertThat(stats.requests()).isEqualTo(2);
                assertThat(stats.failures()).isEqualTo(2);
            });
        });
    }

    @Test
    void aLookupFromAnEmptyTableFails() {
        closest(20);

        assertThat(fixture.failureOf(KadException.NoPeers.class)).satisfies(failure -> {
            assertThat(failure).hasMessageStartingWith("routing table is empty; ");
            assertThat(failure.isTableEmpty()).isTrue();
            assertThat(failure.queried()).isZero();
            assertThat(failure.stats()).isPresent();
        });
    }

    @Test
    void noMoreThanKAndAtLeastOneClosestPeerCanBeFound() {
        fixture.connectServers(1);
        closest(0);
        closest(21);

        assertThat(fixture.all(EngineAction.FailQuery.class))
                .hasSize(2)
                .allMatch(fail -> fail.failure() instanceof KadException.InvalidRequest);
    }

    @Test
    void theRequestedNumberOfPeersIsFound() {
        fixture.connectServers(1, 2, 3, 4, 5);
        closest(2);
        fixture.respondToFindNodes();

        assertThat(fixture.result(ClosestPeersResult.class).peers()).hasSize(2);
    }

    @Test
    void finishingReturnsThePeersThatResponded() {
        fixture.connectServers(1, 2, 3);
        QueryId query = closest(20);
        fixture.respond(fixture.pendingTo(2), new KadResponse.FindNode(List.of()));
        fixture.advance(new EngineEvent.FinishQuery(query));

        assertThat(fixture.result(ClosestPeersResult.class).peers())
                .extracting(PeerInfo::id)
                .containsExactly(Peers.peer(2));
        assertThat(fixture.pending()).isEmpty();
    }

    @Test
    void eventsAreEmittedInOrder() {
        fixture.connectServers(1);
        fixture.pass(Duration.ofSeconds(3));
        QueryId query = closest(20);
        fixture.pass(Duration.ofMillis(5));
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of()));

        assertThat(fixture.all(EngineAction.EmitQueryEvent.class))
                .extracting(EngineAction.EmitQueryEvent::event)
                .containsExactly(
                        new QueryEvent.RequestSent(
                                query,
                                Peers.peer(1),
                                KadKey.hash(KEY).distance(Peers.peer(1).kadKey()),
                                1),
                        new QueryEvent.ResponseReceived(query, Peers.peer(1), List.of(), Duration.ofMillis(5)),
                        new QueryEvent.Converged(query, List.of(Peers.peer(1))),
                        new QueryEvent.Ended(query, new QueryStats(1, 1, 0, 1, Duration.ofMillis(5))));
    }

    // --- find peer

    private void find(int number) {
        fixture.start(new QuerySpec.FindPeer(Peers.peer(number)));
    }

    @Test
    void aConnectedPeerIsFoundWithoutRequests() {
        fixture.connectServers(1, 2);
        find(2);

        assertThat(fixture.result(FindPeerResult.class).peer())
                .satisfies(peer -> assertThat(peer.addresses()).containsExactly(Peers.address(2)));
        assertThat(fixture.queriedPeers()).isEmpty();
    }

    @Test
    void aConnectedClientIsFoundToo() {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.inbound(1)));
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of(), List.of(Peers.address(1))), Peers.inbound(1)));
        find(1);

        assertThat(fixture.result(FindPeerResult.class).peer().addresses()).containsExactly(Peers.address(1));
    }

    @Test
    void aPeerIsFoundAsSoonAsAResponseHasItsAddresses() {
        fixture.connectServers(1, 2);
        find(9);
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of(PeerInfo.of(Peers.peer(9), List.of()))));
        assertThat(fixture.all(EngineAction.CompleteQuery.class)).isEmpty();
        fixture.respond(fixture.pendingTo(2), new KadResponse.FindNode(List.of(Peers.info(9))));

        assertThat(fixture.result(FindPeerResult.class).peer()).isEqualTo(Peers.info(9));
        assertThat(fixture.pending()).isEmpty();
    }

    @Test
    void aDisconnectedPeerOfTheTableIsFoundWhenItResponds() {
        fixture.advance(new EngineEvent.AddAddress(new CommandId(1), Peers.peer(9), Peers.address(9)));
        find(9);
        fixture.respond(fixture.pendingTo(9), new KadResponse.FindNode(List.of()));

        assertThat(fixture.result(FindPeerResult.class).peer().addresses()).containsExactly(Peers.address(9));
    }

    @Test
    void aConnectedPeerWithoutKnownAddressesIsLookedUp() {
        fixture.connectServers(1);
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.inbound(9)));
        find(9);
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of(Peers.info(9))));

        assertThat(fixture.result(FindPeerResult.class).peer().addresses()).containsExactly(Peers.address(9));
    }

    @Test
    void aPeerIsNotFoundWithoutAnyResponse() {
        fixture.connectServers(1, 2);
        find(9);
        fixture.fail(fixture.pendingTo(1), EngineFixture.TIMED_OUT);
        fixture.fail(fixture.pendingTo(2), EngineFixture.TIMED_OUT);

        assertThat(fixture.failureOf(KadException.NoPeers.class).queried()).isEqualTo(2);
    }

    @Test
    void aPeerInNoResponseIsNotFound() {
        fixture.connectServers(1, 2);
        find(9);
        fixture.respondToFindNodes(Peers.info(1), Peers.info(2));

        assertThat(fixture.failureOf(KadException.NotFound.class).stats())
                .hasValueSatisfying(stats -> assertThat(stats.successes()).isEqualTo(2));
    }

    @Test
    void theLocalPeerIsFoundWithItsAddresses() {
        fixture.advance(new EngineEvent.SetExternalAddresses(Set.of(Peers.address(7))));
        fixture.transport(new TransportEvent.ListenerOpened(Peers.address(5)));
        fixture.transport(new TransportEvent.ListenerOpened(Peers.address(6)));
        fixture.transport(new TransportEvent.ListenerClosed(Peers.address(6)));
        fixture.transport(new TransportEvent.ListenerOpened(Peers.address(8)));
        fixture.transport(new TransportEvent.AddressExpired(Peers.address(8)));
        find(0);

        assertThat(fixture.result(FindPeerResult.class).peer().addresses())
                .containsExactly(Peers.address(7), Peers.address(5));
    }

    @Test
    void findingAPeerWithAnEmptyTableFails() {
        find(9);
        fixture.failureOf(KadException.NoPeers.class);
    }
}
