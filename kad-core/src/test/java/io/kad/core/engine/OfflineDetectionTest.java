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
            fixture.connectServers(oldest, far.get(1));
            fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(oldest), 0));
            fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(far.get(1)), 0));
            fixture.connectServers(newcomer);
            dialFails(fixture, oldest, Peers.address(oldest));
        }

        boolean has(int number) {
            return fixture.snapshot().contains(Peers.peer(number));
        }
    }

    private static void dialFails(EngineFixture fixture, int number, Multiaddr address) {
        fixture.transport(new TransportEvent.DialFailed(Peers.peer(number), address, EngineFixture.TIMED_OUT));
    }

    @Test
    void nobodyIsEvictedWhileEverythingFails() {
        Pending pending = new Pending();
        for (int other = 200; other < 203; other++) {
            dialFails(pending.fixture, other, Peers.address(other));
        }
        pending.fixture.pass(Duration.ofMinutes(2));
        assertThat(pending.has(pending.oldest)).isTrue();
        assertThat(pending.has(pending.newcomer)).isFalse();
        assertThat(pending.fixture.snapshot().view().pending()).isEmpty();
    }

    @Test
    void onePeerThatFailsAgainAndAgainIsEvicted() {
        Pending pending = new Pending();
        for (int i = 0; i < 10; i++) {
            dialFails(pending.fixture, pending.oldest, Peers.address(pending.oldest));
        }
        pending.fixture.pass(Duration.ofMinutes(2));
        assertThat(pending.has(pending.oldest)).isFalse();
        assertThat(pending.has(pending.newcomer)).isTrue();
    }

    @Test
    void manyFailuresWithOthersThatAreReachedEvict() {
        Pending pending = new Pending();
        for (int other = 200; other < 220; other++) {
            dialFails(pending.fixture, other, Peers.address(other));
            if (other % 2 == 0) {
                pending.fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(300 + other)));
            }
        }
        pending.fixture.pass(Duration.ofMinutes(2));
        assertThat(pending.has(pending.oldest)).isFalse();
        assertThat(pending.has(pending.newcomer)).isTrue();
    }

    @Test
    void aNewcomerReplacesAnEntryAgainWhenTheNetworkIsBack() {
        Pending pending = new Pending();
        for (int other = 200; other < 203; other++) {
            dialFails(pending.fixture, other, Peers.address(other));
        }
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

    @Test
    void noAddressIsLostWhileEverythingFails() {
        EngineFixture fixture = withTwoAddressesEach(8);
        for (int number = 1; number <= 8; number++) {
            dialFails(fixture, number, Peers.address(number));
        }
        for (int number = 1; number <= 8; number++) {
            assertThat(addresses(fixture, number))
                    .as("peer %s", number)
                    .containsExactlyInAnyOrder(Peers.address(number), Peers.address(100 + number));
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
        for (int number = 2; number <= 8; number++) {
            dialFails(fixture, number, Peers.address(number));
        }
        assertThat(addresses(fixture, 1)).containsExactly(Peers.address(101));
    }

    @Test
    void theTableIsRefreshedWhenTheNetworkIsBack() {
        EngineFixture fixture = new EngineFixture(
                EngineFixture.config().set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.of(Duration.ofMillis(500))));
        fixture.connectServers(IntStream.rangeClosed(1, 30).toArray());
        fixture.pass(Duration.ofMinutes(1));
        failAll(fixture);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        failAll(fixture);
        fixture.pass(Duration.ofMinutes(10));
        int before = fixture.all(EngineAction.SendRequest.class).size();

        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(60)));
        fixture.pass(Duration.ofSeconds(30));

        assertThat(fixture.all(EngineAction.SendRequest.class)
                        .subList(
                                before,
                                fixture.all(EngineAction.SendRequest.class).size()))
                .extracting(EngineAction.SendRequest::message)
                .contains(new KadRequest.FindNode(EngineFixture.SELF.bytes()));
    }

    private static void failAll(EngineFixture fixture) {
        for (List<EngineAction.SendRequest> pending = fixture.pending();
                !pending.isEmpty();
                pending = fixture.pending()) {
            pending.forEach(request -> fixture.fail(request, EngineFixture.TIMED_OUT));
        }
    }

    @Test
    void aPeerThatRefusesIsReached() {
        EngineFixture fixture = withTwoAddressesEach(8);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        dialFails(fixture, 1, Peers.address(1));
        dialFails(fixture, 2, Peers.address(2));
        fixture.fail(fixture.pending().get(0), EngineFixture.failure(TransportFailure.Kind.RESET));
        dialFails(fixture, 3, Peers.address(3));
        assertThat(addresses(fixture, 3)).containsExactly(Peers.address(103));
        assertThat(addresses(fixture, 1)).containsExactly(Peers.address(101));
    }

    @Test
    void aResponseIsAContact() {
        EngineFixture fixture = withTwoAddressesEach(8);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        dialFails(fixture, 1, Peers.address(1));
        dialFails(fixture, 2, Peers.address(2));
        fixture.respond(fixture.pending().get(0), new KadResponse.FindNode(List.of()));
        dialFails(fixture, 3, Peers.address(3));
        assertThat(addresses(fixture, 1)).containsExactly(Peers.address(101));
        assertThat(fixture.events(DhtEvent.PeerRemoved.class)).isEmpty();
    }
}
