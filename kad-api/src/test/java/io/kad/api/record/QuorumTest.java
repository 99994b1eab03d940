package io.kad.api.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuorumTest {

    @ParameterizedTest
    @CsvSource({
        "one, 0, 1",
        "one, 20, 1",
        "majority, 0, 1",
        "majority, 1, 1",
        "majority, 4, 3",
        "majority, 5, 3",
        "all, 0, 1",
        "all, 5, 5",
        "3, 2, 3",
        "3, 20, 3"
    })
    void namedOnesCountThePeersFoundAndANumberIsNeverLowered(String text, int found, int required) {
        assertThat(Quorum.parse(text).required(found)).isEqualTo(required);
    }

    @Test
    void onlyOneAndANumberAreKnownBeforehand() {
        assertThat(Quorum.one().fixed()).hasValue(1);
        assertThat(Quorum.of(7).fixed()).hasValue(7);
        assertThat(Quorum.majority().fixed()).isEmpty();
        assertThat(Quorum.all().fixed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "majority", "all", "12"})
    void isReadAsItWasWritten(String text) {
        assertThat(Quorum.parse(text))
                .hasToString(text)
                .isEqualTo(Quorum.parse(text))
                .hasSameHashCodeAs(Quorum.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "most", "ONE", "1.5"})
    void isRefusedOtherwise(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Quorum.parse(text));
    }
}
