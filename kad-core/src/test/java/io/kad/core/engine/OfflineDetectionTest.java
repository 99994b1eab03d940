package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of a peer for which everything fails: it is the one that is offline, and nothing follows for the others. */
class OfflineDetectionTest {

    private static final int BUCKETS_OF_2 = 2;

    /** Fixture with a full bucket of two disconnected peers and a newcomer that is pending; the first is the one to evict. */
    private static final class Pending {
        private final EngineFixture fixture =
                new EngineFixture(EngineFixture.config().set(KademliaConfig.BUCKET_SIZE, BUCKETS_OF_2));
        private final int oldest;
        private final int newcomer;

        Pending() {
            List<Integer> far = IntStream.range(1, 100)
                    .filter(number -> EngineFixture.SELF
                                    .kadKey()
                                    .commonPrefixLength(Peers.peer(number).kadKey())
                            == 0)
                    .limit(3)
                    .boxed()
                    .toList();
            oldest = far.get(0);
            newcomer = far.get(2);
            int near = IntStream.range(1, 100)
                    .filter(number -> EngineFixture.SELF
                                    .kadKey()
                                    .commonPrefixLength(Peers.peer(number).kadKey())
                            > 0)
                    .findFirst()
                    .orElseThrow();
            for (int number : List.of(oldest, far.get(1), near)) {
                fixture.connectServers(number);
                fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(number), 0));
            }
            fixture.connectServers(newcomer);
            dialFails(fixture, oldest, Peers.address(oldest));
        }

        /** Fails a request to each peer of the table while nobody is heard. */
        void failTable(TransportFailure.Kind cause) {
            fixture.snapshot().view().entries().forEach(entry -> {
                fixture.pass(Duration.ofMillis(1));
                fixture.start(new QuerySpec.GetClosestPeers(entry.peer().bytes(), 20));
                failAll(fixture, cause);
            });
        }

        boolean has(int number) {
            return fixture.snapshot().contains(Peers.peer(number));
        }
    }

    private static void dialFails(EngineFixture fixture, int number, Multiaddr address) {
        fixture.transport(new TransportEvent.DialFailed(Peers.peer(number), address, EngineFixture.TIMED_OUT));
    }

    /** Unreachable is what all are at once when the network interface of this machine is down. */
    @ParameterizedTest
    @EnumSource(names = {"TIMEOUT", "UNREACHABLE"})
    void nobodyIsEvictedWhileEverythingFails(TransportFailure.Kind cause) {
        Pending pending = new Pending();
        pending.failTable(cause);
        pending.fixture.pass(Duration.ofMinutes(2));
        assertThat(pending.has(pending.oldest)).isTrue();
        assertThat(pending.has(pending.newcomer)).isFalse();
        assertThat(pending.fixture.snapshot().view().pending()).isEmpty();
    }

    @Test
    void onePeerThatFailsAgainAndAgainIsEvicted() {
        Pending pending = new Pending();
        for (int i = 0; i < 10; i++) {
            pending.fixture.pass(Duration.ofMillis(1));
            pending.fixture.start(
                    new QuerySpec.GetClosestPeers(Peers.peer(pending.oldest).bytes(), 20));
            pending.fixture.pending().stream()
                    .filter(request -> request.peer().id().equals(Peers.peer(pending.oldest)))
                    .forEach(request -> pending.fixture.fail(request, EngineFixture.TIMED_OUT));
        }
        pending.fixture.pass(Duration.ofMinutes(2));
        assertThat(pending.has(pending.oldest)).isFalse();
        assertThat(pending.has(pending.newcomer)).isTrue();
    }

    @Test
    void manyFailuresWithOthersThatAreReachedEvict() {
        Pending pending = new Pending();
        pending.failTable(TransportFailure.Kind.TIMEOUT);
        pending.fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(300)));
        pending.fixture.pass(Duration.ofMinutes(2));
        assertThat(pending.has(pending.oldest)).isFalse();
        assertThat(pending.has(pending.newcomer)).isTrue();
    }

    @Test
    void aHostThatRefusesShowsThatTheNetworkWorks() {
        Pending pending = new Pending();
        pending.failTable(TransportFailure.Kind.TIMEOUT);
        pending.fixture.start(
                new QuerySpec.GetClosestPeers(Peers.peer(pending.oldest).bytes(), 20));
        assertThat(pending.fixture.pending()).isNotEmpty();
        pending.fixture
                .pending()
                .forEach(
                        request -> pending.fixture.fail(request, EngineFixture.failure(TransportFailure.Kind.REFUSED)));
        pending.fixture.pass(Duration.ofMinutes(2));
        assertThat(pending.has(pending.oldest)).isFalse();
        assertThat(pending.has(pending.newcomer)).isTrue();
    }

    @Test
    void aNewcomerReplacesAnEntryAgainWhenTheNetworkIsBack() {
        Pending pending = new Pending();
        pending.failTable(TransportFailure.Kind.TIMEOUT);
        pending.fixture.pass(Duration.ofMinutes(2));
        pending.fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(pending.newcomer), 0));
        pending.fixture.connectServers(pending.newcomer);
        dialFails(pending.fixture, pending.oldest, Peers.address(pending.oldest));
        pending.fixture.pass(Duration.ofMinutes(2));
        assertThat(pending.has(pending.oldest)).isFalse();
        assertThat(pending.has(pending.newcomer)).isTrue();
    }

    private static EngineFixture withTwoAddressesEach(int peers) {
        EngineFixture fixture = new EngineFixture();
        List<PeerInfo> saved = new ArrayList<>();
        for (int number = 1; number <= peers; number++) {
            saved.add(PeerInfo.of(Peers.peer(number), List.of(Peers.address(number), Peers.address(100 + number))));
        }
        fixture.advance(new EngineEvent.PeerSnapshotLoaded(saved));
        return fixture;
    }

    private static List<Multiaddr> addresses(EngineFixture fixture, int number) {
        return fixture.snapshot().find(Peers.peer(number)).orElseThrow().addresses();
    }

    /** Fails the dials of the first addresses from peer {@code first} on, and the requests to them. */
    private static void failTable(EngineFixture fixture, int first, TransportFailure.Kind cause) {
        fixture.pass(Duration.ofMillis(1));
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        for (int number = first; number <= 8; number++) {
            dialFails(fixture, number, Peers.address(number));
        }
        failAll(fixture, cause);
    }

    @ParameterizedTest
    @CsvSource({"1, TIMEOUT", "60, TIMEOUT", "1, UNREACHABLE", "60, UNREACHABLE"})
    void noAddressIsLostWhileEverythingFails(int seconds, TransportFailure.Kind cause) {
        EngineFixture fixture = withTwoAddressesEach(8);
        failTable(fixture, 1, cause);
        fixture.pass(Duration.ofSeconds(seconds));
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(50)));
        for (int number = 1; number <= 8; number++) {
            assertThat(addresses(fixture, number))
                    .as("peer %s", number)
                    .containsExactly(Peers.address(number), Peers.address(100 + number));
        }
    }

    @Test
    void anAddressThatFailsWhileOthersAreReachedIsRemoved() {
        EngineFixture fixture = withTwoAddressesEach(8);
        for (int number = 1; number <= 8; number++) {
            dialFails(fixture, number, Peers.address(number));
            fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(50 + number)));
            assertThat(addresses(fixture, number)).containsExactly(Peers.address(100 + number));
        }
    }

    @Test
    void anAddressThatWasRemovedBeforeTheNetworkWentStaysRemoved() {
        EngineFixture fixture = withTwoAddressesEach(8);
        dialFails(fixture, 1, Peers.address(1));
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(50)));
        failTable(fixture, 2, TransportFailure.Kind.TIMEOUT);
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(51)));
        assertThat(addresses(fixture, 1)).containsExactly(Peers.address(101));
        assertThat(addresses(fixture, 2)).hasSize(2);
    }

    /** Fixture with 30 connected peers and automatic bootstraps. */
    private static EngineFixture withBootstraps() {
        EngineFixture fixture = new EngineFixture(
                EngineFixture.config().set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.of(Duration.ofMillis(500))));
        fixture.connectServers(IntStream.rangeClosed(1, 30).toArray());
        fixture.pass(Duration.ofMinutes(1));
        failAll(fixture);
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(59)));
        fixture.pass(Duration.ofMinutes(1));
        failAll(fixture);
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(60)));
        fixture.pass(Duration.ofMinutes(1));
        fixture.actions().clear();
        return fixture;
    }

    /** Lets a peer connect, and returns whether a bootstrap follows. */
    private static boolean bootstrapsOnceHeard(EngineFixture fixture) {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(61)));
        fixture.actions().clear();
        fixture.pass(Duration.ofSeconds(30));
        return fixture.all(EngineAction.SendRequest.class).stream()
                .map(EngineAction.SendRequest::message)
                .anyMatch(new KadRequest.FindNode(EngineFixture.SELF.bytes())::equals);
    }

    @ParameterizedTest
    @CsvSource({
        "600, true, TIMEOUT", "11, true, TIMEOUT", "9, false, TIMEOUT", "1, false, TIMEOUT",
        "600, true, UNREACHABLE", "11, true, UNREACHABLE", "9, false, UNREACHABLE", "11, false, REFUSED"
    })
    void theTableIsRefreshedWhenTheNetworkIsBackAfterAnOutage(
            int seconds, boolean outage, TransportFailure.Kind cause) {
        EngineFixture fixture = withBootstraps();
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        failAll(fixture, cause);
        fixture.pass(Duration.ofSeconds(seconds));
        assertThat(bootstrapsOnceHeard(fixture)).isEqualTo(outage);
    }

    @Test
    void deadPeersThatAResponseNamesAreNoOutage() {
        EngineFixture fixture = withBootstraps();
        for (int round = 0; round < 3; round++) {
            fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
            List<PeerInfo> closed = IntStream.range(200, 230)
                    .mapToObj(number -> PeerInfo.of(Peers.peer(number), List.of(Peers.address(number))))
                    .toList();
            fixture.respond(fixture.pending().get(0), new KadResponse.FindNode(closed));
            fixture.pass(Duration.ofMillis(1));
            for (EngineAction.SendRequest request : fixture.pending()) {
                if (closed.stream()
                        .anyMatch(peer -> peer.id().equals(request.peer().id()))) {
                    fixture.fail(request, EngineFixture.TIMED_OUT);
                }
            }
            fixture.pass(Duration.ofSeconds(20));
            assertThat(bootstrapsOnceHeard(fixture)).as("round %s", round).isFalse();
        }
    }

    @Test
    void deadPeersOfTheTableAreNoOutageWhileOthersRespond() {
        EngineFixture fixture = withBootstraps();
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        fixture.pass(Duration.ofMillis(100));
        List<EngineAction.SendRequest> sent = fixture.pending();
        fixture.respond(sent.get(0), new KadResponse.FindNode(List.of()));
        sent = fixture.pending();
        fixture.pass(Duration.ofMillis(100));
        fixture.respond(sent.get(sent.size() - 1), new KadResponse.FindNode(List.of()));
        sent.subList(0, sent.size() - 1).forEach(request -> fixture.fail(request, EngineFixture.TIMED_OUT));
        fixture.pass(Duration.ofSeconds(20));
        assertThat(bootstrapsOnceHeard(fixture)).isFalse();
    }

    @Test
    void requestsThatWereInFlightInAnOutageAreNotBlamedOnTheirPeers() {
        EngineFixture fixture = withTwoAddressesEach(8);
        failTable(fixture, 1, TransportFailure.Kind.TIMEOUT);
        fixture.pass(Duration.ofSeconds(20));
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        List<EngineAction.SendRequest> inFlight = fixture.pending();
        fixture.pass(Duration.ofMillis(1));
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(50)));
        inFlight.forEach(request -> fixture.fail(request, EngineFixture.TIMED_OUT));
        fixture.actions().clear();
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        fixture.respond(fixture.pending().get(0), new KadResponse.FindNode(List.of()));
        failAll(fixture);

        assertThat(fixture.queriedPeers()).hasSize(8);
    }

    private static void failAll(EngineFixture fixture) {
        failAll(fixture, TransportFailure.Kind.TIMEOUT);
    }

    private static void failAll(EngineFixture fixture, TransportFailure.Kind cause) {
        for (List<EngineAction.SendRequest> pending = fixture.pending();
                !pending.isEmpty();
                pending = fixture.pending()) {
            pending.forEach(request -> fixture.fail(request, EngineFixture.failure(cause)));
        }
    }

    @Test
    void aPeerThatResetsARequestWasHeard() {
        EngineFixture fixture = withTwoAddressesEach(8);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        dialFails(fixture, 1, Peers.address(1));
        fixture.fail(fixture.pending().get(0), EngineFixture.failure(TransportFailure.Kind.RESET));
        assertThat(addresses(fixture, 1)).containsExactly(Peers.address(101));
    }

    @Test
    void aPeerThatRespondsWasHeard() {
        EngineFixture fixture = withTwoAddressesEach(8);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        dialFails(fixture, 1, Peers.address(1));
        fixture.respond(fixture.pending().get(0), new KadResponse.FindNode(List.of()));
        assertThat(addresses(fixture, 1)).containsExactly(Peers.address(101));
        assertThat(fixture.events(DhtEvent.PeerRemoved.class)).isEmpty();
    }
}
