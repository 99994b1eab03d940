package io.kad.core.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KademliaConfig;
import io.kad.api.LookupStrategy;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.core.routing.RandomPeers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests of the strategies {@code STALL} and {@code BETA}, and of disjoint paths. */
class LookupConfigTest {

    private static final int K = 4;

    private final RandomPeers random = new RandomPeers(11);
    private final PeerId self = random.peer();
    private final KadKey target = random.place();
    /** Closest first. */
    private final List<PeerId> peers = RandomPeers.sorted(random.peers(100), target);

    private Lookup lookup(LookupStrategy strategy, int alpha, int paths, List<PeerId> seeds) {
        return new LookupConfig(strategy, alpha, 2, paths, Duration.ofSeconds(10))
                .newLookup(
                        target,
                        K,
                        peer -> new ResponseTimes(new ResponseTimes.Floors(0, 0)),
                        BackOff.NONE,
                        seeds,
                        self);
    }

    private static List<PeerId> queryNext(Lookup lookup) {
        List<PeerId> queried = new ArrayList<>();
        for (Optional<PeerId> next = lookup.next(0); next.isPresent(); next = lookup.next(0)) {
            queried.add(next.get());
        }
        return queried;
    }

    private List<PeerId> range(int from, int to) {
        return peers.subList(from, to);
    }

    @Test
    void stallAlphaResponsesWithoutProgressRaiseTheParallelismToK() {
        Lookup lookup = lookup(LookupStrategy.STALL, 2, 1, range(10, 30));
        assertThat(queryNext(lookup)).containsExactly(peers.get(10), peers.get(11));
        lookup.onResponse(peers.get(10), List.of(), 0);
        lookup.onFailure(peers.get(11), 0);
        assertThat(queryNext(lookup)).as("failures don't count").hasSize(2);
        lookup.onResponse(peers.get(12), List.of(), 0);
        assertThat(queryNext(lookup))
                .as("one responded, one is in flight, and now k slots")
                .hasSize(K - 1);
    }

    @Test
    void stallACloserPeerInFlightDelaysTheEnd() {
        Lookup lookup = lookup(LookupStrategy.STALL, 1, 1, range(0, 30));
        assertThat(queryNext(lookup)).containsExactly(peers.get(0));
        lookup.onResponse(peers.get(0), List.of(), 0);
        assertThat(queryNext(lookup)).containsExactly(peers.get(1), peers.get(2), peers.get(3), peers.get(4));
        range(2, 5).forEach(peer -> lookup.onResponse(peer, List.of(), 0));
        assertThat(lookup.isFinished()).isFalse();
        assertThat(queryNext(lookup)).as("without a limit of rank").hasSize(K - 1);
        lookup.onResponse(peers.get(1), List.of(), 0);
        assertThat(queryNext(lookup)).isEmpty();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closestResponders()).isEqualTo(range(0, K));
    }

    @Test
    void betaTheOtherClosestPeersAreQueriedConcurrentlyOnceTheBetaClosestHaveResponded() {
        Lookup lookup = lookup(LookupStrategy.BETA, 1, 1, range(0, 30));
        assertThat(queryNext(lookup)).containsExactly(peers.get(0));
        lookup.onResponse(peers.get(0), List.of(), 0);
        assertThat(queryNext(lookup)).containsExactly(peers.get(1));
        lookup.onResponse(peers.get(1), List.of(), 0);
        assertThat(queryNext(lookup)).containsExactly(peers.get(2), peers.get(3));
        lookup.onFailure(peers.get(2), 0);
        assertThat(lookup.isFinished()).isFalse();
        lookup.onResponse(peers.get(3), List.of(), 0);
        assertThat(queryNext(lookup)).isEmpty();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closestResponders())
                .as("no peer is queried in place of one that failed")
                .containsExactly(peers.get(0), peers.get(1), peers.get(3));
    }

    @Test
    void betaFewerCandidatesThanSlotsAreAllFound() {
        Lookup lookup = lookup(LookupStrategy.BETA, K + 1, 1, range(0, 3));
        assertThat(queryNext(lookup)).isEqualTo(range(0, 3));
        assertThat(lookup.nextDeadlineNanos()).as("only results end a request").isEqualTo(Long.MAX_VALUE);
        range(0, 3).forEach(peer -> lookup.onResponse(peer, List.of(), 0));

        assertThat(queryNext(lookup)).isEmpty();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closestResponders()).isEqualTo(range(0, 3));
    }

    @Test
    void betaAFailureMayLeaveTheBetaClosestAllWithAResponse() {
        Lookup lookup = lookup(LookupStrategy.BETA, 3, 1, range(0, 30));
        queryNext(lookup);
        lookup.onResponse(peers.get(1), List.of(), 0);
        lookup.onResponse(peers.get(2), List.of(), 0);
        assertThat(queryNext(lookup)).containsExactly(peers.get(3), peers.get(4));
        lookup.onFailure(peers.get(0), 0);

        assertThat(queryNext(lookup)).as("the k closest are queried").isEmpty();
    }

    @Test
    void betaALookupWithoutFurtherCandidatesEnds() {
        Lookup lookup = lookup(LookupStrategy.BETA, 3, 1, range(0, 3));
        queryNext(lookup).forEach(peer -> lookup.onFailure(peer, 0));
        assertThat(queryNext(lookup)).isEmpty();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closestResponders()).isEmpty();
    }

    @Test
    void pathsDivideTheSeeds() {
        Lookup lookup = lookup(LookupStrategy.SCOPED, 1, 2, range(50, 52));
        assertThat(queryNext(lookup)).containsExactly(peers.get(50), peers.get(51));
        lookup.onResponse(peers.get(50), range(10, 12), 0);
        lookup.onResponse(peers.get(51), range(20, 22), 0);
        assertThat(queryNext(lookup))
                .as("each path continues with the closer peers of its peer")
                .containsExactlyInAnyOrder(peers.get(10), peers.get(20));
        assertThat(lookup.hop(peers.get(10))).isEqualTo(2);
        assertThatThrownBy(() -> lookup.hop(peers.get(90))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closerPeersOfAnAdversaryDoNotHideTheResultsOfAnotherPath() {
        Lookup lookup = lookup(LookupStrategy.SCOPED, 1, 2, range(50, 52));
        PeerId adversary = peers.get(50);
        List<PeerId> colluding = range(0, 10);
        List<PeerId> honest = range(20, 30);
        while (!lookup.isFinished()) {
            for (PeerId queried : queryNext(lookup)) {
                boolean adversarial = queried.equals(adversary) || colluding.contains(queried);
                lookup.onResponse(queried, adversarial ? colluding : honest, 0);
            }
        }
        assertThat(lookup.closestResponders())
                .isEqualTo(RandomPeers.sorted(lookup.closestResponders(), target))
                .doesNotHaveDuplicates()
                .containsAll(range(0, K))
                .containsAll(range(20, 20 + K));
        assertThat(lookup.closestResponders())
                .extracting(lookup::hop)
                .contains(2)
                .allMatch(hop -> hop <= 2);
    }

    @Test
    void aPeerOnTwoPathsIsQueriedOnceAndBothReceiveItsResult() {
        Lookup lookup = lookup(LookupStrategy.SCOPED, 3, 3, range(0, 2));
        List<PeerId> queried = queryNext(lookup);
        assertThat(queried).containsExactlyInAnyOrder(peers.get(0), peers.get(1));
        lookup.onFailure(peers.get(0), 0);
        lookup.onFailure(peers.get(0), 0);
        lookup.onResponse(peers.get(1), List.of(), 0);
        assertThat(queryNext(lookup)).isEmpty();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.requests()).isEqualTo(2);
        assertThat(lookup.successes()).isEqualTo(1);
        assertThat(((DisjointPathsLookup) lookup).failures()).isEqualTo(1);
        assertThat(lookup.closestResponders()).containsExactly(peers.get(1));
    }

    @Test
    void aLookupOverSeveralPathsFinishesWhenAllOfThemHave() {
        Lookup lookup = lookup(LookupStrategy.SCOPED, 1, 2, range(50, 52));
        queryNext(lookup);
        lookup.onResponse(peers.get(50), List.of(), 0);
        assertThat(queryNext(lookup)).isEmpty();
        assertThat(lookup.isFinished())
                .as("a response on one path does not end the other")
                .isFalse();
        lookup.onResponse(peers.get(51), List.of(), 0);
        assertThat(lookup.isFinished()).isTrue();
    }

    @Test
    void theParametersComeFromTheConfiguration() {
        assertThat(LookupConfig.of(KademliaConfig.of("/x")))
                .isEqualTo(new LookupConfig(LookupStrategy.SCOPED, 3, 3, 1, Duration.ofSeconds(10)));
        assertThat(LookupConfig.of(KademliaConfig.builder()
                        .set("lookup-strategy", "beta")
                        .set("alpha", "10")
                        .set("beta", "5")
                        .set("disjoint-paths", "8")
                        .build()))
                .isEqualTo(new LookupConfig(LookupStrategy.BETA, 10, 5, 8, Duration.ofSeconds(10)));
    }

    @Test
    void parametersThatAreTooSmallAreRejected() {
        for (int[] numbers : new int[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}) {
            assertThatThrownBy(() -> new LookupConfig(
                            LookupStrategy.BETA, numbers[0], numbers[1], numbers[2], Duration.ofSeconds(10)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aLookupStartsAtMorePeersIfItMayNeedThem() {
        for (int paths : new int[] {1, 2}) {
            assertThat(new LookupConfig(LookupStrategy.SCOPED, 3, 3, paths, Duration.ofSeconds(10)).seedCount(20))
                    .isEqualTo(40);
            assertThat(new LookupConfig(LookupStrategy.STALL, 3, 3, paths, Duration.ofSeconds(10)).seedCount(20))
                    .isEqualTo(paths == 1 ? 20 : 40);
        }
    }
}
