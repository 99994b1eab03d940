package io.kad.core.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.LookupStrategy;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.core.routing.RandomPeers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClosestPeersLookupTest {

    private static final int K = 4;
    private static final int ALPHA = 2;
    private static final long OVERDUE = 2 * RoundTrips.INITIAL_NANOS;
    private static final Patience PATIENCE = new SamePatience(new RoundTrips());

    private static LookupConfig config(int alpha) {
        return new LookupConfig(LookupStrategy.SCOPED, alpha, 3, 1);
    }

    private final RandomPeers random = new RandomPeers(7);
    private final PeerId self = random.peer();
    private final KadKey target = random.place();
    /** Closest first. */
    private final List<PeerId> peers = RandomPeers.sorted(random.peers(800), target);

    private ClosestPeersLookup lookup(List<PeerId> seeds) {
        return new ClosestPeersLookup(target, K, config(ALPHA), PATIENCE, seeds, self);
    }

    /** Returns all peers that are to be queried at this time. */
    private static List<PeerId> queryNext(ClosestPeersLookup lookup, long now) {
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
        ClosestPeersLookup lookup = lookup(range(0, 10));

        assertThat(lookup.isFinished()).isFalse();
        assertThat(lookup.candidates()).isEqualTo(10);
        assertThat(lookup.requests()).isZero();
        assertThat(lookup.inFlight()).isZero();
        assertThat(lookup.closest()).isEmpty();
        assertThat(lookup.longestHop()).isZero();
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
        ClosestPeersLookup lookup = lookup(seeds);

        assertThat(queryNext(lookup, 0)).isEqualTo(range(0, ALPHA));
        assertThat(lookup.inFlight()).isEqualTo(ALPHA);
    }

    @Test
    void peersThatReturnEachOtherAreQueriedOnce() {
        ClosestPeersLookup lookup = lookup(range(0, 3));
        List<PeerId> queried = new ArrayList<>();
        for (List<PeerId> next = queryNext(lookup, 0); !next.isEmpty(); next = queryNext(lookup, 0)) {
            queried.addAll(next);
            next.forEach(peer -> lookup.onResponse(peer, List.of(peers.get(0), peers.get(1), peers.get(2), self), 1));
        }

        assertThat(queried).containsExactlyInAnyOrderElementsOf(range(0, 3));
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closest()).isEqualTo(range(0, 3));
    }

    @Test
    void onlyTheClosestKAreQueriedWhenAllRespond() {
        ClosestPeersLookup lookup = lookup(range(0, 20));
        int queried = 0;
        for (List<PeerId> next = queryNext(lookup, 0); !next.isEmpty(); next = queryNext(lookup, 0)) {
            queried += next.size();
            next.forEach(peer -> lookup.onResponse(peer, List.of(), 1));
        }

        assertThat(queried).isEqualTo(K);
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closest()).isEqualTo(range(0, K));
    }

    @Test
    void alphaResultsWithoutACloserPeerRaiseTheParallelismToK() {
        ClosestPeersLookup lookup = lookup(range(10, 30));
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
        ClosestPeersLookup lookup = lookup(range(0, 20));
        List<PeerId> first = queryNext(lookup, 0);

        first.forEach(peer -> lookup.onResponse(peer, range(30, 40), 1));
        first = queryNext(lookup, 1);
        assertThat(first).isEqualTo(range(2, K));
    }

    @Test
    void progressEndsAStall() {
        ClosestPeersLookup lookup = lookup(range(100, 120));
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
        ClosestPeersLookup lookup = lookup(range(0, 10));
        List<PeerId> first = queryNext(lookup, 0);
        assertThat(lookup.nextDeadlineNanos()).isEqualTo(OVERDUE);
        assertThat(queryNext(lookup, OVERDUE - 1)).isEmpty();

        List<PeerId> second = queryNext(lookup, OVERDUE);

        assertThat(second).isEqualTo(range(2, 2 + K));
        assertThat(lookup.inFlight()).isEqualTo(K);
        assertThat(lookup.failures()).isZero();
        lookup.onResponse(first.get(0), List.of(), OVERDUE + 5);
        assertThat(lookup.closest()).containsExactly(first.get(0));
    }

    @Test
    void aFailedPeerGrowsTheScopeByFourAndAllByAtMostK() {
        ClosestPeersLookup one = new ClosestPeersLookup(target, 10, config(3), PATIENCE, range(0, 200), self);
        ClosestPeersLookup many = new ClosestPeersLookup(target, 10, config(3), PATIENCE, range(0, 200), self);

        assertThat(queryAll(one, peers.subList(3, 4))).isEqualTo(range(0, 1 + 10 + 4));
        assertThat(queryAll(many, peers.subList(0, 7))).isEqualTo(range(0, 7 + 10 + 10));
        assertThat(one.closest()).hasSize(10).doesNotContain(peers.get(3));
        assertThat(one.failures()).isOne();
        assertThat(one.successes()).isEqualTo(14);
    }

    /** Returns the peers that were queried until the end, closest first. */
    private List<PeerId> queryAll(ClosestPeersLookup lookup, List<PeerId> failing) {
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
        ClosestPeersLookup lookup = lookup(range(0, 20));

        assertThat(queryAll(lookup, peers)).isEqualTo(range(0, 20));
        assertThat(lookup.closest()).isEmpty();
        assertThat(lookup.failures()).isEqualTo(20);
    }

    @Test
    void theLookupDoesNotWaitForLatePeersOnceKHaveResponded() {
        ClosestPeersLookup lookup = lookup(range(0, 40));
        List<PeerId> silent = queryNext(lookup, 0).subList(0, 1);
        lookup.onResponse(peers.get(1), List.of(), 1);
        for (long now = OVERDUE; !lookup.isFinished(); now++) {
            for (PeerId peer : queryNext(lookup, now)) {
                lookup.onResponse(peer, List.of(), now);
            }
            assertThat(now).isLessThan(OVERDUE + 20);
        }

        assertThat(lookup.closest()).isEqualTo(range(1, 1 + K)).doesNotContainAnyElementsOf(silent);
        assertThat(lookup.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aSlowPeerOfASmallNetworkIsWaitedForUpToTheMaxWait() {
        for (boolean responds : new boolean[] {true, false}) {
            ClosestPeersLookup lookup = lookup(range(0, 2));
            queryNext(lookup, 0);
            lookup.onResponse(peers.get(1), List.of(), 1);
            assertThat(queryNext(lookup, OVERDUE)).isEmpty();
            assertThat(lookup.isFinished()).isFalse();
            long hopeless = lookup.nextDeadlineNanos();
            assertThat(hopeless).isEqualTo(4 * OVERDUE);

            if (responds) {
                lookup.onResponse(peers.get(0), List.of(), hopeless - 1);
                assertThat(lookup.closest()).isEqualTo(range(0, 2));
            } else {
                assertThat(lookup.next(hopeless)).isEmpty();
                assertThat(lookup.closest()).isEqualTo(range(1, 2));
            }
            assertThat(lookup.isFinished()).isTrue();
        }
    }

    @Test
    void theFirstResponseIsWaitedForUntilTheRequestFails() {
        for (boolean responds : new boolean[] {true, false}) {
            ClosestPeersLookup lookup = lookup(range(0, 1));
            queryNext(lookup, 0);
            long late = 100 * OVERDUE;
            assertThat(queryNext(lookup, OVERDUE)).isEmpty();
            assertThat(queryNext(lookup, late)).isEmpty();
            assertThat(lookup.isFinished()).isFalse();
            assertThat(lookup.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);

            if (responds) {
                lookup.onResponse(peers.get(0), List.of(), late);
            } else {
                lookup.onFailure(peers.get(0), late);
            }
            assertThat(lookup.isFinished()).isTrue();
            assertThat(lookup.closest()).isEqualTo(responds ? range(0, 1) : List.of());
        }
    }

    @Test
    void aResponseOfAPeerThatIsNotInFlightIsIgnored() {
        ClosestPeersLookup lookup = lookup(range(0, 10));
        queryNext(lookup, 0);

        lookup.onResponse(peers.get(5), range(20, 30), 1);
        lookup.onFailure(peers.get(6), 1);
        lookup.onResponse(peers.get(700), range(20, 30), 1);
        lookup.onResponse(peers.get(0), List.of(), 1);
        lookup.onFailure(peers.get(0), 2);
        lookup.onResponse(peers.get(0), range(20, 30), 2);
        lookup.onFailure(peers.get(1), 2);
        lookup.onResponse(peers.get(1), range(20, 30), 3);

        assertThat(lookup.closest()).containsExactly(peers.get(0));
        assertThat(lookup.candidates()).isEqualTo(10);
        assertThat(lookup.successes()).isOne();
        assertThat(lookup.failures()).isOne();
    }

    @Test
    void aFinishedLookupKeepsItsResultsAndIgnoresResponses() {
        ClosestPeersLookup lookup = lookup(range(0, 10));
        queryNext(lookup, 0);
        lookup.onResponse(peers.get(0), List.of(), 1);
        lookup.finish();

        lookup.onResponse(peers.get(1), range(20, 30), 2);
        assertThat(lookup.next(OVERDUE)).isEmpty();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closest()).containsExactly(peers.get(0));
        assertThat(lookup.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theLocalPeerIsNeverQueried() {
        ClosestPeersLookup lookup = lookup(List.of(self, peers.get(0)));
        queryNext(lookup, 0);
        lookup.onResponse(peers.get(0), List.of(self), 1);

        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.candidates()).isOne();
    }

    @Test
    void hopsAreCountedFromTheSeeds() {
        ClosestPeersLookup lookup = lookup(range(10, 12));
        queryNext(lookup, 0);
        lookup.onResponse(peers.get(10), List.of(peers.get(5)), 1);
        queryNext(lookup, 1);
        lookup.onResponse(peers.get(5), List.of(peers.get(3), peers.get(4)), 2);
        lookup.onResponse(peers.get(11), List.of(peers.get(4)), 2);

        assertThat(lookup.hop(peers.get(10))).isEqualTo(1);
        assertThat(lookup.hop(peers.get(5))).isEqualTo(2);
        assertThat(lookup.hop(peers.get(3))).isEqualTo(3);
        assertThat(lookup.hop(peers.get(4))).as("the shorter way counts").isEqualTo(2);
        assertThat(lookup.longestHop()).as("of the peers that responded").isEqualTo(2);
        assertThatThrownBy(() -> lookup.hop(peers.get(700))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyTheFirstPeersOfALongResponseAreRead() {
        ClosestPeersLookup lookup = lookup(range(700, 701));
        queryNext(lookup, 0);

        lookup.onResponse(peers.get(700), range(0, 41), 1);

        assertThat(lookup.candidates()).isEqualTo(1 + LookupConfig.maxCloserPeers(20));
    }

    @Test
    void beyondTheLimitTheFarthestCandidatesThatWereNotQueriedAreEvicted() {
        int limit = LookupConfig.maxCandidates(20);
        ClosestPeersLookup lookup = lookup(range(800 - limit, 800));
        assertThat(queryNext(lookup, 0)).hasSize(ALPHA);

        lookup.onResponse(peers.get(800 - limit), range(0, 30), 1);

        assertThat(lookup.candidates()).isEqualTo(limit);
        assertThat(queryNext(lookup, 1)).isEqualTo(range(0, 1));
        assertThat(lookup.hop(peers.get(29))).isEqualTo(2);
        assertThatThrownBy(() -> lookup.hop(peers.get(799))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEndlessStreamOfCloserFailingPeersEndsAtTheLimit() {
        ClosestPeersLookup lookup = lookup(range(799, 800));
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
            assertThatThrownBy(() ->
                            new ClosestPeersLookup(target, numbers[0], config(numbers[1]), PATIENCE, range(0, 3), self))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
