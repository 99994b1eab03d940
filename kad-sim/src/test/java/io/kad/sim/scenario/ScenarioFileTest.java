package io.kad.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KademliaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioFileTest {

    @Test
    void whatIsSaidAtTheTopHoldsForEveryRunUnlessItSaysOtherwise() {
        ScenarioFile file = ScenarioFile.parse("""
                title: two
                peers: 50
                config: {alpha: 4, k: 8}
                runs:
                  - {name: a}
                  - {name: b, peers: 60, config: {k: 9}}
                """);
        assertThat(file.title()).isEqualTo("two");
        assertThat(file.runs()).extracting(run -> run.setting().peers()).containsExactly(50, 60);
        KademliaConfig second = file.runs().get(1).setting().config();
        assertThat(second.get(KademliaConfig.K)).isEqualTo(9);
        assertThat(second.get(KademliaConfig.ALPHA)).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peers: many | peers is a whole number from 1",
                "pears: 3 | there is no field pears",
                "loss: 2 | loss is a number from 0.0 to 1.0, not '2'",
                "latency: soon | latency is 'fixed 50ms'",
                "fill: half | fill is one of none, ideal, joined, not 'half'",
                "config: {alpha: 0} | alpha",
                "config: {omega: 1} | 'omega' is not an option",
                "work: {kind: play} | kind is one of",
                "work: {speed: 1} | there is no field speed",
                "attack: 3 | fields by name are accepted",
                "expect: {recall: much} | expect: recall is like",
                "'[1, 2]' | a scenario has fields by name",
                "'a: [' | no YAML"
            })
    void whatIsWrongIsNamed(String yaml, String problem) {
        assertThatThrownBy(() -> ScenarioFile.parse(yaml))
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void theFilesThatComeWithTheProjectCanBeRead() throws IOException {
        Path folder = Path.of("..", "scenarios");
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSizeGreaterThan(5);
            for (Path file : all) {
                assertThat(ScenarioFile.read(file).runs()).as(file.toString()).isNotEmpty();
            }
        }
    }

    @Test
    void aReplayTellsWhomALookupAsksAndWhatTheySay() {
        Scenario scenario = ScenarioFile.parse("""
                        peers: 100
                        seed: 3
                        attack: {kind: accomplices, share: 0.2}
                        config: {bootstrap-delay: "off"}
                        work: {kind: find-peer, lookups: 10}
                        """).runs().get(0);
        List<String> lines = new ArrayList<>();
        new ScenarioRun(scenario, line -> {}).replay(2, lines::add);
        assertThat(lines.get(0)).startsWith("lookup 2: peer ");
        assertThat(lines).anyMatch(line -> line.contains("asks    peer"));
        assertThat(lines).anyMatch(line -> line.contains("answer  peer") && line.contains("of them new"));
        assertThat(lines.get(lines.size() - 1)).contains("ended   ");
    }
}
