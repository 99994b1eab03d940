package io.kad.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ComparisonTest {

    private final Comparison comparison = new Comparison();

    private void add(Implementation implementation, double... values) {
        for (double value : values) {
            for (ComparedMetric metric : ComparedMetric.values()) {
                comparison.add(implementation, metric, metric == ComparedMetric.FAILED ? 0 : value);
            }
        }
    }

    @Test
    void theMedianIsTheMiddleOfTheRoundsWhateverTheirOrder() {
        add(Implementation.KAD, 9, 1, 4);
        add(Implementation.GO, 9, 1, 4, 2);
        assertThat(comparison.median(Implementation.KAD, ComparedMetric.RATE)).hasValue(4);
        assertThat(comparison.median(Implementation.GO, ComparedMetric.RATE)).hasValue(3);
    }

    @Test
    void theBestOtherHasTheGreatestRateAndTheLeastCosts() {
        add(Implementation.KAD, 100);
        add(Implementation.RUST, 50);
        add(Implementation.GO, 20);
        assertThat(comparison.bestOther(ComparedMetric.RATE)).contains(Implementation.RUST);
        assertThat(comparison.ratio(ComparedMetric.RATE)).hasValue(2);
        assertThat(comparison.bestOther(ComparedMetric.CPU)).contains(Implementation.GO);
        assertThat(comparison.ratio(ComparedMetric.CPU)).hasValue(5);
    }

    @Test
    void theTableHasMediansSpreadAndRatios() {
        add(Implementation.KAD, 1000, 3000, 2000);
        add(Implementation.JS, 400);
        assertThat(new ComparisonTable(comparison).text("find-node"))
                .contains("| find-node | requests/s |")
                .contains("| kad | 2,000 (1,000 to 3,000) |")
                .contains("| kad / best other | 5.00 (js) |");
    }

    private String ratios() {
        return new ComparisonTable(comparison)
                .text("find-node")
                .lines()
                .filter(line -> line.startsWith("| kad / best other |"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aServerThatRefusesRequestsIsLeftOutAndNamed() {
        add(Implementation.KAD, 100);
        add(Implementation.RUST, 10, 10);
        comparison.addServed(Implementation.RUST, 3000, 0);
        comparison.addServed(Implementation.RUST, 3000, 6);
        add(Implementation.GO, 20);
        assertThat(comparison.bestOther(ComparedMetric.CPU)).contains(Implementation.GO);
        assertThat(ratios()).contains("| 5.00 (go; without rust: 6 not served) |");
    }

    @Test
    void aServerWithFewerFailuresThanOneInAThousandIsComparedAndTheyAreNamed() {
        add(Implementation.KAD, 100);
        add(Implementation.GO, 20);
        add(Implementation.RUST, 10);
        comparison.addServed(Implementation.RUST, 2_000_000, 1999);
        assertThat(comparison.ratio(ComparedMetric.CPU)).hasValue(10);
        assertThat(ratios()).contains("| 10.00 (rust: 1,999 not served) |");
    }

    @Test
    void theSameRuleHoldsForKad() {
        add(Implementation.KAD, 100);
        add(Implementation.GO, 20);
        comparison.addServed(Implementation.KAD, 2001, 2);
        assertThat(ratios()).contains("| 5.00 (go; kad: 2 not served) |");
        comparison.addServed(Implementation.KAD, 1, 1);
        assertThat(comparison.ratio(ComparedMetric.CPU)).isEmpty();
        assertThat(ratios()).contains("| - (go; without kad: 3 not served) |");
    }

    @Test
    void aMetricThatWasNotMeasuredIsNoValue() {
        add(Implementation.KAD, 100);
        comparison.add(Implementation.GO, ComparedMetric.FAILED, 0);
        assertThat(comparison.ratio(ComparedMetric.CPU)).isEmpty();
        assertThat(new ComparisonTable(comparison).text("find-node"))
                .contains("| go | - | - | - | - | - | 0 (0 to 0) |");
        assertThat(ratios()).contains("| - (without go: no value) |");
    }

    @Test
    void kadAloneHasNoRatios() {
        add(Implementation.KAD, 1);
        assertThat(new ComparisonTable(comparison).text("find-node"))
                .contains("| kad |")
                .doesNotContain("best other");
    }
}
