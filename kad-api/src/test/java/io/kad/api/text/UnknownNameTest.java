package io.kad.api.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kad.api.KademliaConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnknownNameTest {

    private static final List<String> COMMANDS =
            List.of("id", "get", "put", "ping", "node", "find-peer", "find-providers", "closest-peers");

    @ParameterizedTest
    @CsvSource({
        "gett, get",
        "gte, get",
        "GET, get",
        "pt, put",
        "ndoe, node",
        "pign, ping",
        "di, id",
        "findpeer, find-peer",
        "find-peers, find-peer",
        "find-provider, find-providers",
        "closest, closest-peers"
    })
    void aMistypedNameIsAnsweredWithTheNearest(String typed, String nearest) {
        assertThat(UnknownName.message("command", typed, COMMANDS))
                .isEqualTo("unknown command '" + typed + "'; did you mean '" + nearest + "'?");
        assertThat(UnknownName.suggestion(typed, COMMANDS)).isEqualTo("; did you mean '" + nearest + "'?");
    }

    @ParameterizedTest
    @CsvSource({"x", "''", "nonsense", "upload", "fin d"})
    void aNameThatIsNearNoneIsAnsweredWithAll(String typed) {
        assertThat(UnknownName.message("command", typed, COMMANDS))
                .isEqualTo("unknown command '" + typed
                        + "'; known: id, get, put, ping, node, find-peer, find-providers, closest-peers");
        assertThat(UnknownName.suggestion(typed, COMMANDS)).isEmpty();
    }

    @Test
    void aNameOnSeveralLinesIsShownOnOne() {
        assertThat(UnknownName.message("field", "a\nb", List.of("peers")))
                .isEqualTo("unknown field 'a\\u000ab'; known: peers");
    }

    @Test
    void aMistypedOptionOfAConfigurationIsAnsweredWithTheNearest() {
        KademliaConfig.Builder builder = KademliaConfig.builder().set("alhpa", "3");
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessage("unknown option 'alhpa'; did you mean 'alpha'?");
    }
}
