package io.kad.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Distance;
import io.kad.api.id.KadKey;
import io.kad.api.id.RecordKey;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void nearKeysAreNearerThanOthersAndFarKeysFarther() {
        for (int i = 0; i < 300; i++) {
            Distance between = distance(Samples.key(i));
            assertThat(between).isGreaterThan(distance(Samples.near(i % 20))).isLessThan(distance(Samples.far(i % 8)));
        }
    }

    @Test
    void theFirstFarKeysAreEachFartherThanTheOneBefore() {
        assertThat(IntStream.range(0, 8).mapToObj(i -> distance(Samples.far(i))))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    private static Distance distance(RecordKey key) {
        return KadKey.hash(Samples.SELF.bytes()).distance(KadKey.hash(key.bytes()));
    }
}
