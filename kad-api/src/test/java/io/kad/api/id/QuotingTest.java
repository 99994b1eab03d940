package io.kad.api.id;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotingTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "/ip4/1.2.3.4", "ä€😀"})
    void showsPrintableText(String text) {
        assertThat(Quoting.text(text)).isEqualTo("'" + text + "'");
    }

    @Test
    void escapesUnprintableCharacters() {
        assertThat(Quoting.text("a\n\u202eb\ud800\u0000")).isEqualTo("'a\\u000a\\u202eb\\ud800\\u0000'");
    }

    @Test
    void truncatesLongText() {
        String longest = "x".repeat(Quoting.MAX_CHARS);
        assertThat(Quoting.text(longest)).isEqualTo("'" + longest + "'");
        assertThat(Quoting.text(longest + "y")).isEqualTo("'" + longest + "...'");
    }
}
