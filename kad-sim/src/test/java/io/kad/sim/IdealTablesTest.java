package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.PeerId;
import io.kad.sim.network.KeySpace;
import io.kad.sim.network.SimIdentity;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class IdealTablesTest {

    @Property(tries = 50)
    void eachBucketContainsItsSubtreeUpToTheBucketSize(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 500) int size) {
        SplittableRandom random = new SplittableRandom(seed);
        List<PeerId> peers = Stream.generate(() -> new SimIdentity(random).peerId())
                .limit(size)
                .toList();
        PeerId self = peers.get(0);
        List<PeerId> table = new IdealTables(new KeySpace(peers), 8, random).table(self);

        assertThat(table).doesNotHaveDuplicates().doesNotContain(self);
        for (int depth = 0; depth < 20; depth++) {
            assertThat(atDepth(table, self, depth)).isEqualTo(Math.min(8, atDepth(peers, self, depth)));
        }
    }

    private static long atDepth(List<PeerId> peers, PeerId self, int depth) {
        return peers.stream()
                .filter(peer -> self.kadKey().commonPrefixLength(peer.kadKey()) == depth)
                .count();
    }
}
