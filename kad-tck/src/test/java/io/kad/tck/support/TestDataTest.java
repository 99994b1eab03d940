package io.kad.tck.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Distance;
import io.kad.api.id.KadKey;
import io.kad.api.id.RecordKey;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TestDataTest {

    @Test
    void nearKeysAreNearerThanOthersAndFarKeysFarther() {
        for (int i = 0; i < 300; i++) {
            Distance between = distance(TestData.key(i));
            assertThat(between)
                    .isGreaterThan(distance(TestData.closeKey(i % 20)))
                    .isLessThan(distance(TestData.farKey(i % 8)));
        }
    }

    @Test
    void theFirstFarKeysAreEachFartherThanTheOneBefore() {
        assertThat(IntStream.range(0, 8).mapToObj(i -> distance(TestData.farKey(i))))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    private static Distance distance(RecordKey key) {
        return KadKey.hash(TestData.SELF.bytes()).distance(KadKey.hash(key.bytes()));
    }
}
