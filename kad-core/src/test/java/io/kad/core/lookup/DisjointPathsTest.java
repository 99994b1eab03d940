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

/** Lookups over two paths: their turns, and a peer that both of them meet. */
class DisjointPathsTest {

    private static final int K = 4;
    private static final List<PeerId> NONE = List.of();

    private final RandomPeers random = new RandomPeers(11);
    private final PeerId self = random.peer();
    private final KadKey target = random.place();
    /** Closest first. */
    private final List<PeerId> peers = RandomPeers.sorted(random.peers(100), target);

    private Lookup lookup(int alpha, List<PeerId> seeds) {
        ResponseTimes times = new ResponseTimes(new ResponseTimes.Floors(0, 0));
        return new LookupConfig(LookupStrategy.SCOPED, alpha, 2, 2, Duration.ofSeconds(10))
                .newLookup(target, K, peer -> times, BackOff.NONE, seeds, self);
    }

    private static List<PeerId> queryNext(Lookup lookup, long now) {
        List<PeerId> queried = new ArrayList<>();
        for (Optional<PeerId> next = lookup.next(now); next.isPresent(); next = lookup.next(now)) {
            queried.add(next.get());
        }
        return queried;
    }

    private List<PeerId> only(int rank) {
        return peers.subList(rank, rank + 1);
    }

    /** Starts paths at the peers 50 and 51, of which the first has led to peer 10, which was queried. */
    private Lookup withPeer10OnTheFirstPath() {
        Lookup lookup = lookup(1, peers.subList(50, 52));
        queryNext(lookup, 0);
        lookup.onResponse(peers.get(50), only(10), 0);
        assertThat(queryNext(lookup, 0)).isEqualTo(only(10));
        return lookup;
    }

    @Test
    void thePathsTakeTurns() {
        Lookup lookup = lookup(2, peers.subList(50, 54));

        assertThat(queryNext(lookup, 0)).isEqualTo(peers.subList(50, 54));
    }

    @Test
    void aPathThatWaitsDoesNotHoldUpTheOther() {
        Lookup lookup = lookup(1, peers.subList(50, 52));
        queryNext(lookup, 0);
        lookup.onResponse(peers.get(51), only(20), 0);

        assertThat(queryNext(lookup, 0)).isEqualTo(only(20));
    }

    @Test
    void aPathThatMeetsAPeerOfTheOtherTakesItsResponse() {
        Lookup lookup = withPeer10OnTheFirstPath();
        lookup.onResponse(peers.get(10), NONE, 0);
        lookup.onResponse(peers.get(51), only(10), 0);

        assertThat(queryNext(lookup, 0)).isEmpty();
        assertThat(lookup.hasConverged()).isTrue();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closestResponders()).containsExactly(peers.get(10), peers.get(50), peers.get(51));
        assertThat(lookup.respondersAmongClosest()).isEqualTo(lookup.closestResponders());
        assertThat(lookup.successes()).isEqualTo(3);
    }

    @Test
    void aPathThatMeetsAFailedPeerOfTheOtherGoesOnWithoutIt() {
        Lookup lookup = withPeer10OnTheFirstPath();
        lookup.onFailure(peers.get(10), 0);
        lookup.onResponse(peers.get(51), peers.subList(10, 12), 0);

        assertThat(queryNext(lookup, 0)).isEqualTo(only(11));
        lookup.onResponse(peers.get(11), NONE, 0);
        assertThat(queryNext(lookup, 0)).isEmpty();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(((DisjointPathsLookup) lookup).failures()).isEqualTo(1);
    }

    @Test
    void bothPathsWaitForAPeerThatTheyShare() {
        Lookup lookup = withPeer10OnTheFirstPath();
        lookup.onResponse(peers.get(51), only(10), 0);
        assertThat(queryNext(lookup, 0)).isEmpty();
        assertThat(lookup.hasConverged()).isFalse();
        lookup.onResponse(peers.get(10), NONE, 0);

        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.requests()).isEqualTo(3);
    }

    @Test
    void theResultIsOrderedByDistanceWhicheverPathFoundIt() {
        Lookup lookup = lookup(1, List.of(peers.get(51), peers.get(50)));
        queryNext(lookup, 0).forEach(peer -> lookup.onResponse(peer, NONE, 0));

        assertThat(lookup.closestResponders()).containsExactly(peers.get(50), peers.get(51));
    }

    @Test
    void aResponseAfterTheEndDoesNotCount() {
        Lookup lookup = lookup(1, peers.subList(50, 52));
        queryNext(lookup, 0);
        lookup.onResponse(peers.get(50), NONE, 0);
        lookup.finish();
        assertThat(lookup.isFinished()).isTrue();
        lookup.onResponse(peers.get(51), NONE, 0);

        assertThat(lookup.successes()).isEqualTo(1);
        assertThat(lookup.closestResponders()).isEqualTo(only(50));
    }

    @Test
    void aDelayedRequestAgesOnNoPathUntilItIsSent() {
        long soft = ResponseTimes.INITIAL_RTT_NANOS * 3 / 2;
        Lookup lookup = lookup(1, peers.subList(50, 54));
        queryNext(lookup, 0);
        lookup.onQueued(peers.get(50));
        lookup.onQueued(peers.get(51));
        assertThat(queryNext(lookup, 10 * soft)).as("neither is late").isEmpty();
        lookup.onDequeued(peers.get(51), 10 * soft);

        assertThat(queryNext(lookup, 11 * soft)).as("in place of the late one").isEqualTo(only(53));
    }

    @Test
    void aDelayedRequestAgesNotOnAPathThatSelectsItsPeerLater() {
        long soft = ResponseTimes.INITIAL_RTT_NANOS * 3 / 2;
        Lookup lookup = lookup(1, List.of(peers.get(50), peers.get(51), peers.get(52)));
        queryNext(lookup, 0);
        lookup.onQueued(peers.get(50));
        lookup.onResponse(peers.get(51), only(50), 0);
        assertThat(queryNext(lookup, 0))
                .as("the second path waits for the request of the first")
                .isEmpty();

        assertThat(queryNext(lookup, 10 * soft)).as("it is not late").isEmpty();
    }
}
