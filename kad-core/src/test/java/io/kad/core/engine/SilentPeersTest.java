package io.kad.core.engine;

import static io.kad.core.engine.EngineFixture.SELF;
import static io.kad.core.engine.EngineFixture.TIMED_OUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.message.KadResponse;
import io.kad.api.result.ClosestPeersResult;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Peers that do not answer: they slow one lookup and not each, and give their places to others. */
class SilentPeersTest {

    private final EngineFixture fixture = new EngineFixture();

    /** Runs a lookup in which the peers from {@code firstDead} on are silent, and returns the time that it took. */
    private Duration lookup(int firstDead) {
        fixture.actions().clear();
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        long start = fixture.nanos();
        while (fixture.all(EngineAction.CompleteQuery.class).isEmpty()) {
            fixture.pass(Duration.ofMillis(10));
            assertThat(fixture.nanos() - start)
                    .isLessThan(Duration.ofSeconds(60).toNanos());
            if ((fixture.nanos() - start) % Duration.ofMillis(100).toNanos() == 0) {
                respondUpTo(firstDead);
            }
        }
        return Duration.ofNanos(fixture.nanos() - start);
    }

    private void respondUpTo(int firstDead) {
        List<EngineAction.SendRequest> live = new ArrayList<>(fixture.outstanding());
        for (int number = firstDead; number <= 60; number++) {
            int dead = number;
            live.removeIf(request -> request.peer().id().equals(Peers.peer(dead)));
        }
        live.forEach(request -> fixture.respond(request, new KadResponse.FindNode(List.of())));
    }

    @Test
    void fifteenDeadPeersOfATableSlowOneLookupAndNotEach() {
        for (int number = 1; number <= 35; number++) {
            fixture.connectServers(number);
        }
        fixture.measureRoundTrips();
        Duration healthy = lookup(100);
        Duration first = lookup(21);
        fixture.pass(Duration.ofSeconds(20));
        Duration second = lookup(21);
        Duration third = lookup(21);

        assertThat(first).isGreaterThan(healthy.multipliedBy(2));
        assertThat(second).isLessThanOrEqualTo(healthy.plusMillis(200));
        assertThat(third).isLessThanOrEqualTo(healthy.plusMillis(200));
        assertThat(fixture.result(ClosestPeersResult.class).peers()).hasSize(20);
    }

    @Test
    void aPeerThatAnswersAgainIsWaitedForAsAnyOther() {
        SilentPeers silent = new SilentPeers();
        silent.responded(Peers.peer(9), 5);
        silent.silent(Peers.peer(1), 1);
        silent.silent(Peers.peer(1), 2);
        assertThat(silent.isReplaceable(Peers.peer(1))).isTrue();
        silent.responded(Peers.peer(1), 6);

        assertThat(silent.isSilent(Peers.peer(1))).isFalse();
        assertThat(silent.isReplaceable(Peers.peer(1))).isFalse();
    }

    @Test
    void whileNobodyAnswersItIsTheLocalPeer() {
        SilentPeers silent = new SilentPeers();
        silent.responded(Peers.peer(9), 5);
        for (int number = 1; number <= 8; number++) {
            silent.silent(Peers.peer(number), 6);
            silent.silent(Peers.peer(number), 7);
        }

        assertThat(silent.isSilent(Peers.peer(1))).isFalse();
    }

    @Test
    void whatIsRememberedIsBounded() {
        SilentPeers silent = new SilentPeers();
        silent.responded(Peers.peer(0), 5);
        for (int number = 1; number <= 2 * SilentPeers.MAX_PEERS; number++) {
            silent.silent(Peers.peer(number), 1);
        }

        assertThat(silent.isSilent(Peers.peer(SilentPeers.MAX_PEERS))).isFalse();
        assertThat(silent.isSilent(Peers.peer(SilentPeers.MAX_PEERS + 1))).isTrue();
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

    @Test
    void aPeerThatIsSilentRepeatedlyGivesItsPlaceInAFullBucketAway() {
        List<Integer> bucket = ofOneBucket(22);
        bucket.subList(0, 20).forEach(fixture::connectServers);
        int dead = bucket.get(7);
        fail(dead);
        fixture.connectServers(bucket.get(20));
        assertThat(fixture.snapshot().contains(Peers.peer(dead)))
                .as("it was silent once")
                .isTrue();
        assertThat(fixture.snapshot().contains(Peers.peer(bucket.get(20)))).isFalse();
        fail(dead);
        assertThat(fixture.snapshot().contains(Peers.peer(dead)))
                .as("nobody needs its place")
                .isTrue();
        fixture.connectServers(bucket.get(21));

        assertThat(fixture.snapshot().contains(Peers.peer(dead))).isFalse();
        assertThat(fixture.snapshot().contains(Peers.peer(bucket.get(21)))).isTrue();
        assertThat(fixture.events(DhtEvent.PeerRemoved.class)).contains(new DhtEvent.PeerRemoved(Peers.peer(dead)));
    }
}
