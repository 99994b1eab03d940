package io.kad.sim.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class KeySpaceTest {

    @Property(tries = 200)
    void theClosestPeersAreThoseOfSortingByDistance(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int size) {
        SplittableRandom random = new SplittableRandom(seed);
        List<PeerId> peers = peers(random, size);
        KadKey target = peers(random, 1).get(0).kadKey();
        List<PeerId> sorted = peers.stream()
                .sorted(Comparator.comparing(peer -> target.distance(peer.kadKey())))
                .toList();
        KeySpace space = new KeySpace(peers);

        assertThat(space.closest(target, 20, peer -> true)).isEqualTo(sorted.subList(0, Math.min(20, size)));
        for (int rank = 0; rank < size; rank++) {
            assertThat(space.atRank(target, rank)).isEqualTo(sorted.get(rank));
            assertThat(space.rank(target, sorted.get(rank).kadKey())).isEqualTo(rank);
        }
    }

    private static List<PeerId> peers(SplittableRandom random, int count) {
        return Stream.generate(() -> new SimIdentity(random).peerId())
                .limit(count)
                .toList();
    }
}
