package io.kad.core.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.LookupStrategy;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.core.routing.RandomPeers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Progress of a lookup on one path: results that count towards a stall, and requests that are sent late. */
class PathLookupProgressTest {

    private static final int K = 4;
    private static final int ALPHA = 2;
    private static final long SOFT = ResponseTimes.INITIAL_RTT_NANOS * 3 / 2;

    private final RandomPeers random = new RandomPeers(7);
    private final PeerId self = random.peer();
    private final KadKey target = random.place();
    /** Closest first. */
    private final List<PeerId> peers = RandomPeers.sorted(random.peers(40), target);

    private PathLookup lookup(int from, int to) {
        ResponseTimes times = new ResponseTimes(new ResponseTimes.Floors(0, 0));
        return lookup(from, to, peer -> times);
    }

    private PathLookup lookup(int from, int to, ResponseTimesSource responseTimesSource) {
        LookupConfig config = new LookupConfig(LookupStrategy.SCOPED, ALPHA, 3, 1, Duration.ofSeconds(10));
        return new PathLookup(target, K, config, responseTimesSource, BackOff.NONE, peers.subList(from, to), self);
    }

    private static List<PeerId> queryNext(PathLookup lookup, long now) {
        List<PeerId> queried = new ArrayList<>();
        for (Optional<PeerId> next = lookup.next(now); next.isPresent(); next = lookup.next(now)) {
            queried.add(next.get());
        }
        return queried;
    }

    private static final List<PeerId> NONE = List.of();

    @Test
    void aNewClosestPeerAloneIsProgress() {
        PathLookup lookup = lookup(10, 30);
        queryNext(lookup, 0);
        lookup.onResponse(peers.get(10), NONE, 1);
        lookup.onResponse(peers.get(11), peers.subList(9, 10), 1);

        assertThat(queryNext(lookup, 1)).as("no stall").containsExactly(peers.get(9), peers.get(12));
    }

    /** Two results in a row without progress let k requests be in flight. */
    @Test
    void aNewPeerJustOutsideTheClosestIsNoProgress() {
        PathLookup lookup = lookup(0, K);
        queryNext(lookup, 0);
        lookup.onFailure(peers.get(0), 1);
        lookup.onResponse(peers.get(1), peers.subList(K, 2 * K), 1);

        assertThat(queryNext(lookup, 1)).isEqualTo(peers.subList(2, 2 + K));
    }

    @Test
    void aLatePeerThatFailsCountsOnceTowardsAStall() {
        PathLookup lookup = lookup(10, 30);
        queryNext(lookup, 0);
        lookup.onResponse(peers.get(11), peers.subList(5, 6), SOFT - 1);
        assertThat(queryNext(lookup, SOFT - 1)).hasSize(1);
        assertThat(queryNext(lookup, SOFT)).as("in the place of the late one").hasSize(1);
        lookup.onFailure(peers.get(10), SOFT);

        assertThat(queryNext(lookup, SOFT)).as("no stall").isEmpty();
        assertThat(lookup.inFlight()).isEqualTo(ALPHA);
    }

    @Test
    void theAgeOfADelayedRequestBeginsWhenItIsSent() {
        PathLookup lookup = lookup(0, 30);
        queryNext(lookup, 0);
        lookup.onQueued(peers.get(0));
        lookup.onQueued(peers.get(1));
        assertThat(queryNext(lookup, 10 * SOFT)).as("neither is late").isEmpty();

        lookup.onDequeued(peers.get(0), 10 * SOFT);
        lookup.onDequeued(peers.get(39), 10 * SOFT);
        assertThat(queryNext(lookup, 11 * SOFT - 1)).isEmpty();
        assertThat(lookup.nextDeadlineNanos()).isEqualTo(11 * SOFT);
        assertThat(queryNext(lookup, 11 * SOFT))
                .as("in the place of the late one")
                .hasSize(1);
    }

    @Test
    void aLookupHasConvergedThoughItsLatePeerIsPresumedDeadAtTheSameTime() {
        PathLookup lookup = lookup(0, 30);
        for (List<PeerId> next = queryNext(lookup, 0); !next.isEmpty(); next = queryNext(lookup, 0)) {
            next.stream().filter(peer -> !peer.equals(peers.get(0))).forEach(peer -> lookup.onResponse(peer, NONE, 0));
        }
        assertThat(lookup.hasConverged()).isFalse();

        assertThat(queryNext(lookup, SOFT)).as("others in its place").isNotEmpty();
        assertThat(lookup.hasConverged()).isTrue();
    }

    @Test
    void aLookupHasNotConvergedWhileHalfOfTheClosestAreLate() {
        PathLookup lookup = lookup(0, 30);
        for (List<PeerId> next = queryNext(lookup, 0); !next.isEmpty(); next = queryNext(lookup, 0)) {
            next.stream()
                    .filter(peer -> !peer.equals(peers.get(0)) && !peer.equals(peers.get(3)))
                    .forEach(peer -> lookup.onResponse(peer, NONE, 0));
        }
        queryNext(lookup, SOFT);

        assertThat(lookup.hasConverged()).isFalse();
    }

    private static final long MILLI = 1_000_000;

    /** Returns response times of a healthy network with RTTs of 100 ms, of which the longest are 300 ms. */
    private static ResponseTimes healthy() {
        ResponseTimes times = new ResponseTimes(new ResponseTimes.Floors(0, 0));
        for (int i = 0; i < ResponseTimes.WINDOW; i++) {
            times.addResponse(i % 20 == 0 ? 300 * MILLI : 100 * MILLI);
        }
        return times;
    }

    /** A response between the two max waits: the longer one holds. */
    @Test
    void inAHealthyNetworkASilentPeerIsWaitedForLongWhateverElseHappensMeanwhile() {
        ResponseTimes times = healthy();
        long start = 7000 * MILLI;
        PathLookup lookup = lookup(0, 3, peer -> times);
        queryNext(lookup, start);
        lookup.onResponse(peers.get(1), NONE, start);
        assertThat(queryNext(lookup, start)).containsExactly(peers.get(2));
        for (long age : new long[] {150, 330, 800}) {
            assertThat(queryNext(lookup, start + age * MILLI)).isEmpty();
        }
        lookup.onResponse(peers.get(2), NONE, start + 900 * MILLI);

        assertThat(lookup.isFinished()).isFalse();
        assertThat(lookup.nextDeadlineNanos()).isEqualTo(start + 4 * 300 * MILLI);
    }
}
