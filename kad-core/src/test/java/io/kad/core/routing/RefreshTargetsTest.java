package io.kad.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.core.engine.Peers;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RefreshTargetsTest {

    @Property
    void eachTargetLiesInItsBucket(@ForAll long seed) {
        KadKey self = Peers.peer(0).kadKey();
        List<Integer> buckets = List.of(250, 252, 255);

        assertThat(RefreshTargets.choose(self, buckets, new Random(seed)))
                .extracting(PeerId::kadKey)
                .extracting(place -> self.distance(place).log2())
                .isEqualTo(buckets);
    }

    @Test
    void bucketsTooCloseToBeHitAreSkipped() {
        KadKey self = Peers.peer(0).kadKey();
        List<Integer> all = IntStream.range(0, 256).boxed().toList();

        assertThat(RefreshTargets.choose(self, all, new Random(1)))
                .extracting(target -> self.distance(target.kadKey()).log2())
                .contains(255, 254, 253, 252, 251, 250, 249, 248)
                .hasSizeLessThan(24)
                .isSorted();
    }

    @Test
    void noBucketsNeedNoTargets() {
        assertThat(RefreshTargets.choose(Peers.peer(0).kadKey(), List.of(), new Random(1)))
                .isEmpty();
    }
}
