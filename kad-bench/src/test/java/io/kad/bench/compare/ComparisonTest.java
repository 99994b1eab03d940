package io.kad.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ComparisonTest {

    private final Comparison comparison = new Comparison();

    private void add(Implementation implementation, double... values) {
        for (double value : values) {
            for (ComparedMetric metric : ComparedMetric.values()) {
                comparison.add(implementation, metric, value);
            }
        }
    }

    @Test
    void theMedianIsTheMiddleOfTheRoundsWhateverTheirOrder() {
        add(Implementation.KAD, 9, 1, 4);
        add(Implementation.GO, 9, 1, 4, 2);
        assertThat(comparison.median(Implementation.KAD, ComparedMetric.RATE)).isEqualTo(4);
        assertThat(comparison.median(Implementation.GO, ComparedMetric.RATE)).isEqualTo(3);
    }

    @Test
    void theBestOtherHasTheGreatestRateAndTheLeastCosts() {
        add(Implementation.KAD, 100);
        add(Implementation.RUST, 50);
        add(Implementation.GO, 20);
        assertThat(comparison.bestOther(ComparedMetric.RATE)).isEqualTo(Implementation.RUST);
        assertThat(comparison.ratio(ComparedMetric.RATE)).isEqualTo(2);
        assertThat(comparison.bestOther(ComparedMetric.CPU)).isEqualTo(Implementation.GO);
        assertThat(comparison.ratio(ComparedMetric.CPU)).isEqualTo(5);
    }

    @Test
    void theTableHasMediansSpreadAndRatios() {
        add(Implementation.KAD, 1000, 3000, 2000);
        add(Implementation.JS, 400);
        assertThat(comparison.table("find-node"))
                .contains("| find-node | requests/s |")
                .contains("| kad | 2,000 (1,000 to 3,000) |")
                .contains("| kad / best other | 5.00 (js) |");
    }

    @Test
    void kadAloneHasNoRatios() {
        add(Implementation.KAD, 1);
        assertThat(comparison.table("find-node")).contains("| kad |").doesNotContain("best other");
    }
}
