package io.kad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kad.api.id.Bytes;
import io.kad.api.id.Distance;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutingTableViewTest {

    private static final RoutingTableView.Entry NEAR = entry("near", 250);
    private static final RoutingTableView.Entry FAR = entry("far", 255);
    private static final RoutingTableView.Entry FAR_TOO = entry("far too", 255);

    private final RoutingTableView table = new RoutingTableView(List.of(NEAR, FAR, FAR_TOO));

    private static RoutingTableView.Entry entry(String name, int bucket) {
        return new RoutingTableView.Entry(peer(name), bucket, true, List.of());
    }

    private static PeerId peer(String name) {
        return PeerId.fromBytes(Multihash.sha256(Bytes.utf8(name)).bytes());
    }

    @Test
    void itsBucketsAreThoseThatAreNotEmptyNearestFirst() {
        assertThat(table.buckets())
                .containsExactly(
                        new RoutingTableView.Bucket(250, List.of(NEAR)),
                        new RoutingTableView.Bucket(255, List.of(FAR, FAR_TOO)));
        assertThat(new RoutingTableView(List.of()).buckets()).isEmpty();
    }

    @Test
    void aBucketHoldsTheDistancesOfOneMagnitude() {
        assertThat(table.bucket(Distance.MAX).entries()).containsExactly(FAR, FAR_TOO);
        assertThat(table.bucket(Distance.of(1L << 63, 0, 0, 0)).index()).isEqualTo(255);
        assertThat(table.bucket(Distance.of(Long.MAX_VALUE, -1, -1, -1)))
                .isEqualTo(new RoutingTableView.Bucket(254, List.of()));
        assertThat(table.bucket(Distance.of(0, 0, 0, 1)).index()).isZero();
    }

    @Test
    void noBucketHoldsThePeerItself() {
        assertThatIllegalArgumentException().isThrownBy(() -> table.bucket(Distance.ZERO));
    }

    @Test
    void aPeerIsFoundByItsId() {
        assertThat(table.find(peer("far"))).contains(FAR);
        assertThat(table.find(peer("unknown"))).isEmpty();
    }
}
