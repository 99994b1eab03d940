package io.kad.core.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.LookupStrategy;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.core.routing.RandomPeers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PathLookupTest {

    private static final int K = 4;
    private static final int ALPHA = 2;
    private static final long SOFT = ResponseTimes.INITIAL_RTT_NANOS * 3 / 2;
    private static final ResponseTimes TIMES = new ResponseTimes(new ResponseTimes.Floors(0, 0));
    private static final ResponseTimesSource TIMEOUTS = peer -> TIMES;

    private static LookupConfig config(int alpha) {
        return new LookupConfig(LookupStrategy.SCOPED, alpha, 3, 1, Duration.ofSeconds(10));
    }

    private final RandomPeers random = new RandomPeers(7);
    private final PeerId self = random.peer();
    private final KadKey target = random.place();
    /** Closest first. */
    private final List<PeerId> peers = RandomPeers.sorted(random.peers(800), target);

    private PathLookup lookup(List<PeerId> seeds) {
        return new PathLookup(target, K, config(ALPHA), TIMEOUTS, BackOff.NONE, seeds, self);
    }

    /** Returns all peers that are to be queried at this time. */
    private static List<PeerId> queryNext(PathLookup lookup, long now) {
        List<PeerId> queried = new ArrayList<>();
        for (Optional<PeerId> next = lookup.next(now); next.isPresent(); next = lookup.next(now)) {
            queried.add(next.get());
        }
        assertThat(lookup.nextDeadlineNanos()).isGreaterThan(now);
        return queried;
    }

    private List<PeerId> range(int from, int to) {
        return peers.subList(from, to);
    }

    @Test
    void aNewLookupHasNoRequestsAndNoResults() {
        PathLookup lookup = lookup(range(0, 10));

        assertThat(lookup.isFinished()).isFalse();
        assertThat(lookup.candidates()).isEqualTo(10);
        assertThat(lookup.requests()).isZero();
        assertThat(lookup.inFlight()).isZero();
        assertThat(lookup.closestResponders()).isEmpty();
        assertThat(lookup.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aLookupWithoutSeedsIsFinished() {
        assertThat(lookup(List.of()).isFinished()).isTrue();
        assertThat(lookup(List.of(self)).isFinished()).isTrue();
        assertThat(lookup(List.of()).next(0)).isEmpty();
    }

    @Test
    void theClosestAlphaPeersAreQueriedFirst() {
        List<PeerId> seeds = new ArrayList<>(range(0, 10));
        Collections.shuffle(seeds, random.random());
        PathLookup lookup = lookup(seeds);

        assertThat(queryNext(lookup, 0)).isEqualTo(range(0, ALPHA));
        assertThat(lookup.inFlight()).isEqualTo(ALPHA);
    }

    @Test
    void peersThatReturnEachOtherAreQueriedOnce() {
        PathLookup lookup = lookup(range(0, 3));
        List<PeerId> queried = new ArrayList<>();
        for (List<PeerId> next = queryNext(lookup, 0); !next.isEmpty(); next = queryNext(lookup, 0)) {
            queried.addAll(next);
            next.forEach(peer -> lookup.onResponse(peer, List.of(peers.get(0), peers.get(1), peers.get(2), self), 1));
        }

        assertThat(queried).containsExactlyInAnyOrderElementsOf(range(0, 3));
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closestResponders()).isEqualTo(range(0, 3));
    }

    @Test
    void onlyTheClosestKAreQueriedWhenAllRespond() {
        PathLookup lookup = lookup(range(0, 20));
        int queried = 0;
        for (List<PeerId> next = queryNext(lookup, 0); !next.isEmpty(); next = queryNext(lookup, 0)) {
            queried += next.size();
            next.forEach(peer -> lookup.onResponse(peer, List.of(), 1));
        }

        assertThat(queried).isEqualTo(K);
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closestResponders()).isEqualTo(range(0, K));
    }

    @Test
    void alphaResultsWithoutACloserPeerRaiseTheParallelismToK() {
        PathLookup lookup = lookup(range(10, 30));
        List<PeerId> first = queryNext(lookup, 0);

        lookup.onResponse(first.get(0), List.of(), 1);
        assertThat(queryNext(lookup, 1)).hasSize(1);
        assertThat(lookup.inFlight()).isEqualTo(ALPHA);
        lookup.onFailure(first.get(1), 1);
        queryNext(lookup, 1);
        assertThat(lookup.inFlight()).isEqualTo(K);
    }

    @Test
    void aPeerBeyondTheClosestKIsNoProgress() {
        PathLookup lookup = lookup(range(0, 20));
        List<PeerId> first = queryNext(lookup, 0);

        first.forEach(peer -> lookup.onResponse(peer, range(30, 40), 1));
        first = queryNext(lookup, 1);
        assertThat(first).isEqualTo(range(2, K));
    }

    @Test
    void progressEndsAStall() {
        PathLookup lookup = lookup(range(100, 120));
        List<PeerId> first = queryNext(lookup, 0);
        first.forEach(peer -> lookup.onResponse(peer, List.of(), 1));
        List<PeerId> second = queryNext(lookup, 1);
        assertThat(second).hasSize(2);

        lookup.onResponse(second.get(0), range(50, 56), 2);

        assertThat(queryNext(lookup, 2)).isEqualTo(range(50, 51));
        assertThat(lookup.inFlight()).isEqualTo(ALPHA);
    }

    @Test
    void aRequestReleasesItsSlotAtTheSoftTimeoutAndItsLateResponseCounts() {
        PathLookup lookup = lookup(range(0, 10));
        List<PeerId> first = queryNext(lookup, 0);
        assertThat(lookup.nextDeadlineNanos()).isEqualTo(SOFT);
        assertThat(queryNext(lookup, SOFT - 1)).isEmpty();

        List<PeerId> second = queryNext(lookup, SOFT);

        assertThat(second).isEqualTo(range(2, 2 + K));
        assertThat(lookup.inFlight()).isEqualTo(K);
        assertThat(lookup.failures()).isZero();
        lookup.onResponse(first.get(0), List.of(), SOFT + 5);
        assertThat(lookup.closestResponders()).containsExactly(first.get(0));
    }

    @Test
    void aFailedPeerGrowsTheScopeByFourAndAllByAtMostK() {
        PathLookup one = new PathLookup(target, 10, config(3), TIMEOUTS, BackOff.NONE, range(0, 200), self);
        PathLookup many = new PathLookup(target, 10, config(3), TIMEOUTS, BackOff.NONE, range(0, 200), self);

        assertThat(queryAll(one, peers.subList(3, 4))).isEqualTo(range(0, 1 + 10 + 4));
        assertThat(queryAll(many, peers.subList(0, 7))).isEqualTo(range(0, 7 + 10 + 10));
        assertThat(one.closestResponders()).hasSize(10).doesNotContain(peers.get(3));
        assertThat(one.failures()).isOne();
        assertThat(one.successes()).isEqualTo(14);
    }

    /** Returns the peers that were queried until the end, closest first. */
    private List<PeerId> queryAll(PathLookup lookup, List<PeerId> failing) {
        List<PeerId> queried = new ArrayList<>();
        for (List<PeerId> next = queryNext(lookup, 0); !next.isEmpty(); next = queryNext(lookup, 0)) {
            queried.addAll(next);
            for (PeerId peer : next) {
                if (failing.contains(peer)) {
                    lookup.onFailure(peer, 1);
                } else {
                    lookup.onResponse(peer, List.of(), 1);
                }
            }
        }
        assertThat(lookup.isFinished()).isTrue();
        return RandomPeers.sorted(queried, target);
    }

    @Test
    void whenAllFailEveryCandidateIsQueriedAndNoneIsFound() {
        PathLookup lookup = lookup(range(0, 20));

        assertThat(queryAll(lookup, peers)).isEqualTo(range(0, 20));
        assertThat(lookup.closestResponders()).isEmpty();
        assertThat(lookup.failures()).isEqualTo(20);
    }

    private static final long MILLI = 1_000_000;

    /** Returns response times of a network with RTTs of 100 ms, of which the longest are 300 ms. */
    private static ResponseTimes measured(int silent) {
        ResponseTimes times = new ResponseTimes(new ResponseTimes.Floors(0, 0));
        for (int i = 0; i < ResponseTimes.WINDOW; i++) {
            times.addResponse(i % 20 == 0 ? 300 * MILLI : 100 * MILLI);
        }
        for (int i = 0; i < silent; i++) {
            times.addNoResponse();
        }
        return times;
    }

    /** Returns a lookup of which all but the closest peer have responded at 100 ms. */
    private PathLookup withOneSilentPeer(ResponseTimes times, int seeds) {
        PathLookup lookup =
                new PathLookup(target, K, config(ALPHA), peer -> times, BackOff.NONE, range(0, seeds), self);
        for (long now = 0; now <= 250 * MILLI; now += 50 * MILLI) {
            for (PeerId peer : queryNext(lookup, now)) {
                if (!peer.equals(peers.get(0))) {
                    lookup.onResponse(peer, List.of(), now);
                }
            }
        }
        return lookup;
    }

    /** Lets all peers respond that are queried now, and returns them. */
    private List<PeerId> respondingAt(PathLookup lookup, long now) {
        List<PeerId> responding = new ArrayList<>();
        for (List<PeerId> next = queryNext(lookup, now); !next.isEmpty(); next = queryNext(lookup, now)) {
            responding.addAll(next);
            next.forEach(peer -> lookup.onResponse(peer, List.of(), now));
        }
        return responding;
    }

    @Test
    void aLatePeerKeepsItsPlaceInTheScopeAndTheLookupHasConvergedWithoutIt() {
        PathLookup lookup = withOneSilentPeer(measured(0), 40);

        assertThat(lookup.requests()).as("nobody is queried in its place").isEqualTo(K);
        assertThat(lookup.hasConverged()).isTrue();
        assertThat(lookup.isFinished()).isFalse();
        assertThat(lookup.respondersAmongClosest()).isEqualTo(range(1, K));
        lookup.onResponse(peers.get(0), List.of(), 260 * MILLI);
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closestResponders()).isEqualTo(range(0, K));
    }

    /** Returns a lookup of a network in which {@code silent} are backed off. */
    private PathLookup lookupWithBackOff(LookupStrategy strategy, List<PeerId> silent, int seeds) {
        LookupConfig config = new LookupConfig(strategy, ALPHA, 3, 1, Duration.ofSeconds(1));
        ResponseTimes times = measured(0);
        return new PathLookup(target, K, config, peer -> times, silent::contains, range(0, seeds), self);
    }

    @ParameterizedTest
    @EnumSource(LookupStrategy.class)
    void aPeerThatIsBackedOffIsNotQueriedAndOthersAreInItsPlace(LookupStrategy strategy) {
        PathLookup lookup = lookupWithBackOff(strategy, range(0, 3), 40);
        List<PeerId> queried = respondingAt(lookup, 0);
        assertThat(queried).contains(peers.get(K + 2)).doesNotContainAnyElementsOf(range(0, 3));
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closestResponders()).isEqualTo(range(3, K + 3));
    }

    @ParameterizedTest
    @EnumSource(LookupStrategy.class)
    void peersThatAreBackedOffAreQueriedTogetherIfNobodyElseIsLeft(LookupStrategy strategy) {
        PathLookup lookup = lookupWithBackOff(strategy, range(0, 5), 6);
        assertThat(queryNext(lookup, 0)).containsExactly(peers.get(5));
        lookup.onFailure(peers.get(5), MILLI);
        assertThat(lookup.isFinished()).isFalse();
        assertThat(queryNext(lookup, MILLI)).isEqualTo(range(0, ALPHA));
    }

    @Test
    void aPeerThatIsPresumedDeadLeavesTheScopeAndItsResponseStillCounts() {
        PathLookup lookup = withOneSilentPeer(measured(0), 40);
        long presumedDead = 330 * MILLI;
        assertThat(queryNext(lookup, presumedDead - 1)).isEmpty();

        List<PeerId> others = respondingAt(lookup, presumedDead);

        assertThat(others).as("in its place, and four more").isEqualTo(range(K, K + 4 + 1));
        assertThat(lookup.respondersAmongClosest()).isEqualTo(range(1, 1 + K));
        assertThat(lookup.isFinished())
                .as("the silent peer is closer than the last of the result")
                .isFalse();
        lookup.onResponse(peers.get(0), List.of(), 400 * MILLI);
        assertThat(lookup.closestResponders()).isEqualTo(range(0, K));
        assertThat(lookup.isFinished()).isTrue();
    }

    @Test
    void aSilentPeerIsNoLongerWaitedForAtTheMaxWaitWhichIsLongerWhileTheNetworkIsHealthy() {
        int few = ResponseTimes.MAX_FEW_WITHOUT_RESPONSE;
        assertThat(endOf(withOneSilentPeer(measured(few), 40))).isEqualTo(4 * 300 * MILLI);
        assertThat(endOf(withOneSilentPeer(measured(few + 1), 40))).isEqualTo(2 * 300 * MILLI);
        assertThat(endOf(withOneSilentPeer(measured(few + 1), 2)))
                .as("in a network of fewer than k peers")
                .isEqualTo(PathLookup.GRACE_BELOW_COUNT_NANOS);
    }

    /** Returns the time at which a lookup finishes whose last request has no response. */
    private long endOf(PathLookup lookup) {
        long now = 0;
        while (!lookup.isFinished()) {
            now = lookup.nextDeadlineNanos();
            assertThat(now).isLessThan(Long.MAX_VALUE);
            for (Optional<PeerId> next = lookup.next(now); next.isPresent(); next = lookup.next(now)) {
                lookup.onResponse(next.get(), List.of(), now);
            }
        }
        assertThat(lookup.closestResponders()).doesNotContain(peers.get(0));
        return now;
    }

    @Test
    void aResponseAtTheMaxWaitDoesNotProlongTheWaitForAnotherPeer() {
        ResponseTimes times = measured(ResponseTimes.MAX_FEW_WITHOUT_RESPONSE + 1);
        PathLookup lookup = new PathLookup(target, K, config(ALPHA), peer -> times, BackOff.NONE, range(0, 40), self);
        List<PeerId> first = queryNext(lookup, 0);
        lookup.onResponse(first.get(1), List.of(), 1);
        PeerId other = queryNext(lookup, 1).get(0);
        for (long now : new long[] {250 * MILLI, 400 * MILLI}) {
            for (List<PeerId> next = queryNext(lookup, now); !next.isEmpty(); next = queryNext(lookup, now)) {
                next.forEach(peer -> lookup.onResponse(peer, List.of(), now));
            }
        }
        assertThat(lookup.isFinished()).isFalse();

        lookup.onResponse(other, List.of(), 600 * MILLI);
        assertThat(lookup.isFinished()).isTrue();
    }

    /** Each late peer names one that is closer and late, too: without a limit they would keep the lookup open one after the other. */
    @Test
    void peersThatRespondLateOneAfterTheOtherDelayTheEndByALimitedTime() {
        LookupConfig hasty = new LookupConfig(LookupStrategy.SCOPED, ALPHA, 3, 1, Duration.ofSeconds(1));
        PathLookup lookup = new PathLookup(target, K, hasty, peer -> measured(0), BackOff.NONE, range(100, 120), self);
        long now = 0;
        int closer = 99;
        while (!lookup.isFinished()) {
            for (PeerId peer : queryNext(lookup, now)) {
                if (peers.indexOf(peer) >= 100) {
                    lookup.onResponse(peer, range(closer, closer + 1), now);
                }
            }
            now += 300 * MILLI;
            if (!lookup.isFinished()) {
                lookup.onResponse(peers.get(closer), range(--closer, closer + 1), now);
            }
            assertThat(now).isLessThan(5000 * MILLI);
        }

        assertThat(lookup.closestResponders()).hasSize(K);
    }

    @Test
    void aPeerThatIsFartherThanTheResultIsNotWaitedFor() {
        PathLookup lookup =
                new PathLookup(target, K, config(ALPHA), peer -> measured(0), BackOff.NONE, range(10, 12), self);
        queryNext(lookup, 0);
        lookup.onResponse(peers.get(10), range(0, K), 1);
        for (PeerId peer : queryNext(lookup, 200 * MILLI)) {
            lookup.onResponse(peer, List.of(), 200 * MILLI);
        }
        for (PeerId peer : queryNext(lookup, 200 * MILLI)) {
            lookup.onResponse(peer, List.of(), 200 * MILLI);
        }

        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closestResponders()).isEqualTo(range(0, K));
    }

    @Test
    void aPeerWhoseMaxWaitHasPassedStillCountsWhenItResponds() {
        PathLookup lookup = withOneSilentPeer(measured(3), 40);
        PeerId waiting = queryNext(lookup, 150 * MILLI + 330 * MILLI).get(0);
        for (PeerId peer : respondingAt(lookup, 480 * MILLI)) {
            assertThat(peer).isNotEqualTo(waiting);
        }
        assertThat(queryNext(lookup, 610 * MILLI)).isEmpty();
        assertThat(lookup.isFinished()).as("another request is in flight").isFalse();
        lookup.onResponse(peers.get(0), List.of(), 620 * MILLI);

        assertThat(lookup.closestResponders()).startsWith(peers.get(0));
    }

    @Test
    void untilEnoughRoundTripsAreMeasuredOnlyTheRequestTimeoutEndsTheWait() {
        PathLookup lookup = new PathLookup(target, K, config(ALPHA), TIMEOUTS, BackOff.NONE, range(0, 2), self);
        queryNext(lookup, 0);
        lookup.onResponse(peers.get(1), List.of(), 1);
        queryNext(lookup, SOFT);
        assertThat(queryNext(lookup, 10 * SOFT)).isEmpty();
        assertThat(lookup.nextDeadlineNanos())
                .as("the time limit of the last stage")
                .isEqualTo(SOFT + 10_000 * MILLI);
        assertThat(lookup.isFinished()).isFalse();

        lookup.onFailure(peers.get(0), 10 * SOFT);
        assertThat(lookup.isFinished()).isTrue();
    }

    @Test
    void theFirstResponseIsWaitedForUntilTheRequestFails() {
        for (boolean responds : new boolean[] {true, false}) {
            PathLookup lookup = lookup(range(0, 1));
            queryNext(lookup, 0);
            long late = 100 * SOFT;
            assertThat(queryNext(lookup, SOFT)).isEmpty();
            assertThat(queryNext(lookup, late)).isEmpty();
            assertThat(lookup.isFinished()).isFalse();
            assertThat(lookup.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);

            if (responds) {
                lookup.onResponse(peers.get(0), List.of(), late);
            } else {
                lookup.onFailure(peers.get(0), late);
            }
            assertThat(lookup.isFinished()).isTrue();
            assertThat(lookup.closestResponders()).isEqualTo(responds ? range(0, 1) : List.of());
        }
    }

    @Test
    void aResponseOfAPeerThatIsNotInFlightIsIgnored() {
        PathLookup lookup = lookup(range(0, 10));
        queryNext(lookup, 0);

        lookup.onResponse(peers.get(5), range(20, 30), 1);
        lookup.onFailure(peers.get(6), 1);
        lookup.onResponse(peers.get(700), range(20, 30), 1);
        lookup.onResponse(peers.get(0), List.of(), 1);
        lookup.onFailure(peers.get(0), 2);
        lookup.onResponse(peers.get(0), range(20, 30), 2);
        lookup.onFailure(peers.get(1), 2);
        lookup.onResponse(peers.get(1), range(20, 30), 3);

        assertThat(lookup.closestResponders()).containsExactly(peers.get(0));
        assertThat(lookup.candidates()).isEqualTo(10);
        assertThat(lookup.successes()).isOne();
        assertThat(lookup.failures()).isOne();
    }

    @Test
    void aFinishedLookupKeepsItsResultsAndIgnoresResponses() {
        PathLookup lookup = lookup(range(0, 10));
        queryNext(lookup, 0);
        lookup.onResponse(peers.get(0), List.of(), 1);
        lookup.finish();

        lookup.onResponse(peers.get(1), range(20, 30), 2);
        assertThat(lookup.next(SOFT)).isEmpty();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closestResponders()).containsExactly(peers.get(0));
        assertThat(lookup.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theLocalPeerIsNeverQueried() {
        PathLookup lookup = lookup(List.of(self, peers.get(0)));
        queryNext(lookup, 0);
        lookup.onResponse(peers.get(0), List.of(self), 1);

        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.candidates()).isOne();
    }

    @Test
    void hopsAreCountedFromTheSeeds() {
        PathLookup lookup = lookup(range(10, 12));
        queryNext(lookup, 0);
        lookup.onResponse(peers.get(10), List.of(peers.get(5)), 1);
        queryNext(lookup, 1);
        lookup.onResponse(peers.get(5), List.of(peers.get(3), peers.get(4)), 2);
        lookup.onResponse(peers.get(11), List.of(peers.get(4)), 2);

        assertThat(lookup.hop(peers.get(10))).isEqualTo(1);
        assertThat(lookup.hop(peers.get(5))).isEqualTo(2);
        assertThat(lookup.hop(peers.get(3))).isEqualTo(3);
        assertThat(lookup.hop(peers.get(4))).as("the shorter way counts").isEqualTo(2);
        assertThatThrownBy(() -> lookup.hop(peers.get(700))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void beyondTheLimitTheFarthestCandidatesThatWereNotQueriedAreEvicted() {
        int limit = LookupConfig.maxCandidates(20);
        PathLookup lookup = lookup(range(800 - limit, 800));
        assertThat(queryNext(lookup, 0)).hasSize(ALPHA);

        lookup.onResponse(peers.get(800 - limit), range(0, 30), 1);

        assertThat(lookup.candidates()).isEqualTo(limit);
        assertThat(queryNext(lookup, 1)).isEqualTo(range(0, 1));
        assertThat(lookup.hop(peers.get(29))).isEqualTo(2);
        assertThatThrownBy(() -> lookup.hop(peers.get(799))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEndlessStreamOfCloserFailingPeersEndsAtTheLimit() {
        PathLookup lookup = lookup(range(799, 800));
        int queried = 0;
        int next = 798;
        for (List<PeerId> batch = queryNext(lookup, 0); !batch.isEmpty(); batch = queryNext(lookup, 0)) {
            for (PeerId peer : batch) {
                queried++;
                if (queried % 4 == 1) {
                    lookup.onResponse(peer, range(Math.max(0, next - 39), next + 1), 1);
                    next = Math.max(0, next - 40);
                } else {
                    lookup.onFailure(peer, 1);
                }
            }
        }

        assertThat(lookup.isFinished()).isTrue();
        assertThat(queried).isLessThanOrEqualTo(LookupConfig.maxCandidates(20));
    }

    @Test
    void aNumberThatIsTooSmallIsRejected() {
        for (int[] numbers : new int[][] {{0, 1}, {1, 0}}) {
            assertThatThrownBy(() -> new PathLookup(
                            target, numbers[0], config(numbers[1]), TIMEOUTS, BackOff.NONE, range(0, 3), self))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void nobodyIsQueriedAtTheDeadlineOfTheLastStage() {
        LookupConfig config = new LookupConfig(LookupStrategy.SCOPED, ALPHA, 3, 1, Duration.ofMillis(1));
        PathLookup lookup = new PathLookup(target, K, config, TIMEOUTS, BackOff.NONE, range(0, 20), self);
        queryNext(lookup, 0);
        for (PeerId peer : range(1, K)) {
            lookup.onResponse(peer, List.of(), 1);
            queryNext(lookup, 1);
        }
        assertThat(lookup.next(SOFT)).as("in place of the silent peer").isPresent();
        int requests = lookup.requests();

        assertThat(lookup.next(SOFT + 1_000_000)).isEmpty();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.requests()).isEqualTo(requests);
    }
}
