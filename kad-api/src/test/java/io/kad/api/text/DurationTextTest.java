package io.kad.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT0.5S, 500 ms",
        "PT1.5S, 1.5 s",
        "PT10S, 10 s",
        "PT1M, 60 s",
        "PT90S, 90 s",
        "PT5M, 5 min",
        "PT1H, 60 min",
        "PT36H, 36 h",
        "PT-1S, -1 s",
        "PT-1.5S, -1.5 s",
        "PT-0.005S, -5 ms",
        "PT-2H, -2 h"
    })
    void aDurationIsANumberAndAUnit(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }
}
