package io.kad.core.engine;

import static io.kad.core.engine.EngineFixture.SELF;
import static io.kad.core.engine.EngineFixture.TIMED_OUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.ClosestPeersResult;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Peers that do not answer: they slow one lookup and not each, and give their places to others. */
class SilentPeersTest {

    private final EngineFixture fixture = new EngineFixture();

    /** Runs a lookup in which some peers are silent and the others respond within 100 ms, and returns the time that it took. */
    private Duration lookup(Set<Integer> dead) {
        fixture.actions().clear();
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        long start = fixture.nanos();
        while (fixture.all(EngineAction.CompleteQuery.class).isEmpty()) {
            fixture.pass(Duration.ofMillis(10));
            assertThat(fixture.nanos() - start)
                    .isLessThan(Duration.ofSeconds(60).toNanos());
            if ((fixture.nanos() - start) % Duration.ofMillis(100).toNanos() == 0) {
                respondExcept(dead);
            }
        }
        return Duration.ofNanos(fixture.nanos() - start);
    }

    private void respondExcept(Set<Integer> dead) {
        List<PeerId> silent = dead.stream().map(Peers::peer).toList();
        fixture.outstanding().stream()
                .filter(request -> !silent.contains(request.peer().id()))
                .forEach(request -> fixture.respond(request, new KadResponse.FindNode(List.of())));
    }

    /** Returns the number of the peer that is queried first. */
    private int nearest() {
        lookup(Set.of());
        PeerId first = fixture.queriedPeers().get(0);
        return IntStream.rangeClosed(1, 35)
                .filter(number -> Peers.peer(number).equals(first))
                .findFirst()
                .orElseThrow();
    }

    /** Adds peers that are not connected. */
    private void addDisconnected(int count) {
        for (int number = 1; number <= count; number++) {
            fixture.connectServers(number);
            disconnect(number);
        }
        fixture.measureRoundTrips();
    }

    private void disconnect(int number) {
        fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(number), 0));
    }

    @Test
    void fifteenDeadPeersOfATableSlowOneLookupAndNotEach() {
        addDisconnected(35);
        Set<Integer> fifteen = IntStream.rangeClosed(21, 35).boxed().collect(Collectors.toSet());
        Duration healthy = lookup(Set.of());
        Duration first = lookup(fifteen);
        fixture.pass(Duration.ofMillis(500));
        assertThat(first).isGreaterThan(healthy.multipliedBy(2));
        assertThat(lookup(fifteen)).isLessThanOrEqualTo(healthy);
        assertThat(fixture.all(EngineAction.SendRequest.class))
                .extracting(request -> request.peer().id())
                .doesNotContain(Peers.peer(21), Peers.peer(35));
        assertThat(fixture.result(ClosestPeersResult.class).peers()).hasSize(20);
    }

    @Test
    void aDeadPeerIsTriedAgainMoreAndMoreSeldom() {
        addDisconnected(35);
        int nearest = nearest();
        int tries = 0;
        for (int i = 0; i < 60; i++) {
            lookup(Set.of(nearest));
            tries += fixture.queriedPeers().contains(Peers.peer(nearest)) ? 1 : 0;
            fixture.pass(Duration.ofSeconds(10));
        }
        assertThat(tries).isBetween(6, 12);
    }

    @Test
    void amongTwelvePeersADeadOneSlowsAFewLookupsAndNotEach() {
        addDisconnected(12);
        int nearest = nearest();
        Duration healthy = lookup(Set.of());
        assertThat(lookup(Set.of(nearest))).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        int slow = 0;
        for (int i = 0; i < 100; i++) {
            slow += lookup(Set.of(nearest)).compareTo(healthy) > 0 ? 1 : 0;
        }
        assertThat(slow).isLessThanOrEqualTo(5);
    }

    @Test
    void aPeerThatIsBackIsQueriedAtOnce() {
        addDisconnected(35);
        int nearest = nearest();
        for (int i = 0; i < 8; i++) {
            lookup(Set.of(nearest));
            fixture.pass(Duration.ofSeconds(10));
        }
        lookup(Set.of());
        assertThat(fixture.queriedPeers()).doesNotContain(Peers.peer(nearest));
        fixture.connectServers(nearest);
        disconnect(nearest);
        lookup(Set.of());
        assertThat(fixture.result(ClosestPeersResult.class).peers())
                .extracting(PeerInfo::id)
                .contains(Peers.peer(nearest));
    }

    @Test
    void silentPeersAreQueriedIfNobodyElseIsLeft() {
        addDisconnected(3);
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        List<EngineAction.SendRequest> sent = fixture.pending();
        fixture.pass(Duration.ofMillis(10));
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(50)));
        sent.forEach(request -> fixture.fail(request, TIMED_OUT));
        fixture.actions().clear();
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        assertThat(fixture.queriedPeers()).containsExactlyInAnyOrder(Peers.peer(1), Peers.peer(2), Peers.peer(3));
    }

    /** Returns numbers of peers of the farthest bucket. */
    private static List<Integer> ofOneBucket(int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int number = 1; numbers.size() < count; number++) {
            if (SELF.kadKey().distance(Peers.peer(number).kadKey()).log2() == 255) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    private void fail(int number) {
        fixture.start(new QuerySpec.GetClosestPeers(Peers.peer(number).bytes(), 20));
        for (EngineAction.SendRequest request : fixture.outstanding()) {
            if (request.peer().id().equals(Peers.peer(number))) {
                fixture.pass(Duration.ofMillis(1));
                fixture.outstanding().stream()
                        .filter(other -> !other.peer().id().equals(Peers.peer(number)))
                        .forEach(other -> fixture.respond(other, new KadResponse.FindNode(List.of())));
                fixture.fail(request, TIMED_OUT);
            }
        }
    }

    private final List<Integer> bucket = ofOneBucket(23);
    private final int dead = bucket.get(7);

    /** Fills a bucket with connected peers, of which {@link #dead} is silent twice. */
    private void silentTwice(boolean isConnected) {
        bucket.subList(0, 20).forEach(fixture::connectServers);
        if (!isConnected) {
            disconnect(dead);
        }
        fail(dead);
        fixture.pass(Duration.ofSeconds(2));
        fail(dead);
        fixture.pass(Duration.ofSeconds(2));
    }

    private boolean has(int number) {
        return fixture.snapshot().contains(Peers.peer(number));
    }

    @Test
    void aPeerThatIsSilentRepeatedlyGivesItsPlaceInAFullBucketAway() {
        bucket.subList(0, 20).forEach(fixture::connectServers);
        disconnect(dead);
        fail(dead);
        fixture.connectServers(bucket.get(20));
        assertThat(has(dead)).as("it was silent once").isTrue();
        assertThat(has(bucket.get(20))).isFalse();
        fixture.pass(Duration.ofSeconds(2));
        fail(dead);
        assertThat(has(dead)).as("nobody needs its place").isTrue();
        fixture.connectServers(bucket.get(21));

        assertThat(has(dead)).isFalse();
        assertThat(has(bucket.get(21))).isTrue();
        assertThat(fixture.events(DhtEvent.PeerRemoved.class)).contains(new DhtEvent.PeerRemoved(Peers.peer(dead)));
    }

    @Test
    void thePendingPeerTakesThePlaceWhenItIsHeardAgain() {
        bucket.subList(0, 20).forEach(fixture::connectServers);
        disconnect(dead);
        fail(dead);
        int pending = bucket.get(20);
        fixture.connectServers(pending);
        fixture.pass(Duration.ofSeconds(2));
        fail(dead);
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(pending, Set.of(EngineFixture.PROTOCOL), List.of(Peers.address(pending))),
                Peers.outbound(pending)));
        assertThat(has(dead)).isFalse();
        assertThat(has(pending)).isTrue();
        assertThat(fixture.snapshot().size()).isEqualTo(20);
    }

    @Test
    void aConnectedPeerKeepsItsPlace() {
        silentTwice(true);
        fixture.connectServers(bucket.get(20));
        assertThat(has(dead)).isTrue();
    }

    @Test
    void aPeerThatIsHeardAgainKeepsItsPlace() {
        silentTwice(false);
        fixture.connectServers(dead);
        disconnect(dead);
        fixture.connectServers(bucket.get(20));
        assertThat(has(dead)).isTrue();
    }

    @Test
    void aBootstrapPeerOfTheUserKeepsItsPlace() {
        fixture.advance(new EngineEvent.BootstrapPeersAdded(
                List.of(PeerInfo.of(Peers.peer(dead), List.of(Peers.address(dead))))));
        silentTwice(false);
        fixture.connectServers(bucket.get(20));
        assertThat(has(dead)).isTrue();
    }

    @Test
    void requestsThatWereInFlightTogetherAreOneFailure() {
        bucket.subList(0, 20).forEach(fixture::connectServers);
        disconnect(dead);
        fixture.start(new QuerySpec.GetClosestPeers(Peers.peer(dead).bytes(), 20));
        fixture.start(new QuerySpec.GetClosestPeers(Peers.peer(dead).bytes(), 20));
        List<EngineAction.SendRequest> toDead = fixture.outstanding().stream()
                .filter(request -> request.peer().id().equals(Peers.peer(dead)))
                .toList();
        assertThat(toDead).hasSize(2);
        fixture.pass(Duration.ofMillis(1));
        fixture.connectServers(bucket.get(1));
        toDead.forEach(request -> {
            fixture.pass(Duration.ofMillis(1));
            fixture.fail(request, TIMED_OUT);
        });
        fixture.connectServers(bucket.get(20));
        assertThat(has(dead)).isTrue();
    }
}
