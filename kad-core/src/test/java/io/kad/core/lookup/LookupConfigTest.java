package io.kad.core.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KademliaConfig;
import io.kad.api.LookupStrategy;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.core.routing.RandomPeers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules that are options, and disjoint paths. */
class LookupConfigTest {

    private static final int K = 4;

    private final RandomPeers random = new RandomPeers(11);
    private final PeerId self = random.peer();
    private final KadKey target = random.place();
    /** The nearest first. */
    private final List<PeerId> peers = RandomPeers.sorted(random.peers(100), target);

    private Lookup lookup(LookupStrategy rule, int alpha, int paths, List<PeerId> seeds) {
        return new LookupConfig(rule, alpha, 2, paths)
                .start(target, K, new SamePatience(new RoundTrips()), seeds, self);
    }

    private static List<PeerId> ask(Lookup lookup) {
        List<PeerId> asked = new ArrayList<>();
        for (Optional<PeerId> next = lookup.next(0); next.isPresent(); next = lookup.next(0)) {
            asked.add(next.get());
        }
        return asked;
    }

    private List<PeerId> range(int from, int to) {
        return peers.subList(from, to);
    }

    @Test
    void byStallAlphaAnswersWithoutProgressLetKRequestsRun() {
        Lookup lookup = lookup(LookupStrategy.STALL, 2, 1, range(10, 30));
        assertThat(ask(lookup)).containsExactly(peers.get(10), peers.get(11));
        lookup.onResponse(peers.get(10), List.of(), 0);
        lookup.onFailure(peers.get(11), 0);
        assertThat(ask(lookup)).as("failures don't count").hasSize(2);
        lookup.onResponse(peers.get(12), List.of(), 0);
        assertThat(ask(lookup))
                .as("one that answered, one in flight, and now k at once")
                .hasSize(K - 1);
    }

    @Test
    void byStallWhoeverIsInFlightNearerKeepsTheLookupOpen() {
        Lookup lookup = lookup(LookupStrategy.STALL, 1, 1, range(0, 30));
        assertThat(ask(lookup)).containsExactly(peers.get(0));
        lookup.onResponse(peers.get(0), List.of(), 0);
        assertThat(ask(lookup)).containsExactly(peers.get(1), peers.get(2), peers.get(3), peers.get(4));
        range(2, 5).forEach(peer -> lookup.onResponse(peer, List.of(), 0));
        assertThat(lookup.isFinished()).isFalse();
        assertThat(ask(lookup)).as("without a limit of rank").hasSize(K - 1);
        lookup.onResponse(peers.get(1), List.of(), 0);
        assertThat(ask(lookup)).isEmpty();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closest()).isEqualTo(range(0, K));
    }

    @Test
    void byBetaTheRestOfTheNearestAreAskedAtOnceWhenTheBetaNearestHaveAnswered() {
        Lookup lookup = lookup(LookupStrategy.BETA, 1, 1, range(0, 30));
        assertThat(ask(lookup)).containsExactly(peers.get(0));
        lookup.onResponse(peers.get(0), List.of(), 0);
        assertThat(ask(lookup)).containsExactly(peers.get(1));
        lookup.onResponse(peers.get(1), List.of(), 0);
        assertThat(ask(lookup)).containsExactly(peers.get(2), peers.get(3));
        lookup.onFailure(peers.get(2), 0);
        assertThat(lookup.isFinished()).isFalse();
        lookup.onResponse(peers.get(3), List.of(), 0);
        assertThat(ask(lookup)).isEmpty();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closest())
                .as("none is asked in place of one that failed")
                .containsExactly(peers.get(0), peers.get(1), peers.get(3));
    }

    @Test
    void byBetaALookupWithoutCandidatesLeftEnds() {
        Lookup lookup = lookup(LookupStrategy.BETA, 3, 1, range(0, 3));
        ask(lookup).forEach(peer -> lookup.onFailure(peer, 0));
        assertThat(ask(lookup)).isEmpty();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.closest()).isEmpty();
    }

    @Test
    void pathsShareTheSeedsOut() {
        Lookup lookup = lookup(LookupStrategy.SCOPED, 1, 2, range(50, 52));
        assertThat(ask(lookup)).containsExactly(peers.get(50), peers.get(51));
        lookup.onResponse(peers.get(50), range(10, 12), 0);
        lookup.onResponse(peers.get(51), range(20, 22), 0);
        assertThat(ask(lookup))
                .as("each path goes on with what its own peer named")
                .containsExactlyInAnyOrder(peers.get(10), peers.get(20));
        assertThat(lookup.hop(peers.get(10))).isEqualTo(2);
        assertThatThrownBy(() -> lookup.hop(peers.get(90))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nearerPeersThatOneLiarNamesDoNotKeepOutWhatAnotherPathFinds() {
        Lookup lookup = lookup(LookupStrategy.SCOPED, 1, 2, range(50, 52));
        PeerId liar = peers.get(50);
        List<PeerId> accomplices = range(0, 10);
        List<PeerId> honest = range(20, 30);
        while (!lookup.isFinished()) {
            for (PeerId asked : ask(lookup)) {
                boolean lies = asked.equals(liar) || accomplices.contains(asked);
                lookup.onResponse(asked, lies ? accomplices : honest, 0);
            }
        }
        assertThat(lookup.closest())
                .isEqualTo(RandomPeers.sorted(lookup.closest(), target))
                .doesNotHaveDuplicates()
                .containsAll(range(0, K))
                .containsAll(range(20, 20 + K));
        assertThat(lookup.longestHop()).isEqualTo(2);
    }

    @Test
    void aPeerOnTwoPathsIsAskedOnceAndBothLearnWhetherItAnswered() {
        Lookup lookup = lookup(LookupStrategy.SCOPED, 3, 3, range(0, 2));
        List<PeerId> asked = ask(lookup);
        assertThat(asked).containsExactlyInAnyOrder(peers.get(0), peers.get(1));
        lookup.onFailure(peers.get(0), 0);
        lookup.onFailure(peers.get(0), 0);
        lookup.onResponse(peers.get(1), List.of(), 0);
        assertThat(ask(lookup)).isEmpty();
        assertThat(lookup.isFinished()).isTrue();
        assertThat(lookup.requests()).isEqualTo(2);
        assertThat(lookup.successes()).isEqualTo(1);
        assertThat(lookup.failures()).isEqualTo(1);
        assertThat(lookup.closest()).containsExactly(peers.get(1));
    }

    @Test
    void aLookupOnManyPathsIsOverWhenAllOfThemAreAndNotBefore() {
        Lookup lookup = lookup(LookupStrategy.SCOPED, 1, 2, range(50, 52));
        ask(lookup);
        lookup.onResponse(peers.get(50), List.of(), 0);
        assertThat(ask(lookup)).isEmpty();
        assertThat(lookup.isFinished())
                .as("an answer on one path does not end the other")
                .isFalse();
        lookup.onResponse(peers.get(51), List.of(), 0);
        assertThat(lookup.isFinished()).isTrue();
    }

    @Test
    void theConfigurationSaysWhatTheRulesAre() {
        assertThat(LookupConfig.of(KademliaConfig.of("/x")))
                .isEqualTo(new LookupConfig(LookupStrategy.SCOPED, 3, 3, 1));
        assertThat(LookupConfig.of(KademliaConfig.builder()
                        .set("lookup-rule", "beta")
                        .set("alpha", "10")
                        .set("beta", "5")
                        .set("disjoint-paths", "8")
                        .build()))
                .isEqualTo(new LookupConfig(LookupStrategy.BETA, 10, 5, 8));
    }

    @Test
    void numbersThatAreTooSmallAreRefused() {
        for (int[] wrong : new int[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}) {
            assertThatThrownBy(() -> new LookupConfig(LookupStrategy.BETA, wrong[0], wrong[1], wrong[2]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
