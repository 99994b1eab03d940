package io.kad.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kad.api.KademliaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioFileTest {

    @Test
    void topLevelFieldsAreDefaultsOfEveryRun() {
        ScenarioFile file = ScenarioFile.parse("""
                title: two
                peers: 50
                config: {alpha: 4, k: 8}
                runs:
                  - {name: a}
                  - {name: b, peers: 60, config: {k: 9}}
                """);
        assertThat(file.title()).isEqualTo("two");
        assertThat(file.runs()).extracting(run -> run.setup().peers()).containsExactly(50, 60);
        KademliaConfig second = file.runs().get(1).setup().config();
        assertThat(second.get(KademliaConfig.K)).isEqualTo(9);
        assertThat(second.get(KademliaConfig.ALPHA)).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peers: many | invalid peers 'many': expected an integer from 2 to 10000000",
                "peers: 0 | invalid peers '0': expected an integer from 2 to 10000000",
                "peers: [1] | invalid peers '[1]': expected an integer from 2 to 10000000",
                "peers: 1 | invalid peers '1': expected an integer from 2 to 10000000",
                "seed: x | invalid seed 'x': expected an integer",
                "pears: 3 | unknown field 'pears'; did you mean 'peers'?",
                "loss: 2 | invalid loss '2': expected a number from 0.0 to 1.0",
                "connections: maybe | invalid connections 'maybe': expected true or false",
                "latency: log-normal 25ms 0.5 slow 10% | invalid latency 'log-normal 25ms 0.5 slow 10%': expected 'fixed 50ms', 'uniform 25ms 75ms',"
                        + " 'per-pair 25ms 75ms', 'log-normal 25ms 0.5' or 'mix 25ms 0.5 10% x10', followed by any of 'slow 10% x10',"
                        + " 'jitter 0.2' and 'delay 1% 200ms'",
                "jitter: soon | invalid jitter 'soon': expected a duration such as 500ms or 24h, at most 36500d",
                "jitter: PT-1S | jitter must not be negative, got -1 s",
                "tables: half | invalid tables 'half': expected one of none, ideal, joined",
                "tables: ideel | invalid tables 'ideel': expected one of none, ideal, joined; did you mean 'ideal'?",
                "config: {alhpa: 1} | config: unknown option 'alhpa'; did you mean 'alpha'?",
                "workload: {kind: play} | workload: invalid kind 'play': expected one of closest-peers, rounds, find-peer, churn",
                "workload: {kind: chrun} | workload: invalid kind 'chrun': expected one of closest-peers, rounds, find-peer, churn; did you mean 'churn'?",
                "workload: {lookup: 1} | workload: unknown field 'lookup'; did you mean 'lookups'?",
                "attack: {colour: red} | attack: unknown field 'colour'; known: dead, kind, share, supply",
                "workload: {session-scale: 0s} | workload: invalid session-scale '0s': expected a duration greater than 0, such as 500ms or 24h, at most 36500d",
                "attack: 3 | attack: must be a mapping of fields, got '3'",
                "expect: {recall: ~1} | expect: invalid value '~1' for recall; examples: '>= 0.99', '<= 640', '21.5 +- 3 %'",
                "expect: {recall: '>= 1.2.3'} | expect: invalid value '>= 1.2.3' for recall; examples: '>= 0.99', '<= 640', '21.5 +- 3 %'",
                "'[1, 2]' | the top level must be a mapping",
                "runs: 3 | runs must be a list of at least one mapping",
                "runs: [3] | runs must be a list of at least one mapping",
                "'runs: [{name: a}, {name: b, pears: 3}]' | run 'b': unknown field 'pears'; did you mean 'peers'?",
                "'runs: [{name: b, workload: {kind: play}}]' | run 'b': workload: invalid kind 'play': expected one of closest-peers, rounds, find-peer, churn"
            })
    void aProblemNamesTheFieldAndWhatIsAccepted(String yaml, String problem) {
        assertThatThrownBy(() -> ScenarioFile.parse(yaml))
                .isInstanceOf(ScenarioException.class)
                .hasMessage(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../evil", "a/b", "/tmp/evil", "..", "-a", "a,b", "two words", "Metrics", "''"})
    void aNameOfARunThatIsNoPlainFileNameIsRefused(String name) {
        assertThatThrownBy(() -> ScenarioFile.parse("runs: [{name: a}, {name: " + quoted(name) + "}]"))
                .isInstanceOf(ScenarioException.class)
                .hasMessageEndingWith("expected a name of 1 to 100 of the characters A-Z, a-z, 0-9, '.', '_' and '-'"
                        + " that begins with a letter or digit, other than metrics");
        assertThatThrownBy(() -> ScenarioFile.parse("name: " + "x".repeat(101))).isInstanceOf(ScenarioException.class);
    }

    private static String quoted(String name) {
        return name.equals("''") ? name : "'" + name + "'";
    }

    @Test
    void twoRunsOfOneNameAreRefused() {
        assertThatThrownBy(() -> ScenarioFile.parse("title: t\nruns:\n  - name: a\n  - peers: 20\n    name: A\n"))
                .isInstanceOf(ScenarioException.class)
                .hasMessage("line 5: the run in line 3 is called 'A' too; give each run another name,"
                        + " which differs in more than case");
        assertThatThrownBy(() -> ScenarioFile.parse("runs:\n  - peers: 20\n  - peers: 30\n"))
                .isInstanceOf(ScenarioException.class)
                .hasMessageStartingWith("line 3: the run in line 2 is called 'run' too; ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "clients: 1 | no running honest server is left to look up anything",
                "attack: {kind: silent, share: 1} | no running honest server is left to look up anything",
                "workload: {crash-share: 1} | no running honest server is left to look up anything",
                "workload: {searchers: 1, crash-share: 1} | no running server but the searcher is left",
                "'{clients: 1, workload: {kind: find-peer}}' | find-peer needs at least 2 honest servers, got 0",
                "'{workload: {kind: churn}}' | churn needs peers besides its publishers, which are up to 20 honest servers, got 20"
            })
    void aRunThatLeavesItsWorkloadTooFewPeersIsRefused(String yaml, String problem) throws IOException {
        ObjectNode fields = (ObjectNode) new YAMLMapper().readTree(yaml);
        Scenario scenario =
                ScenarioFile.parse(fields.put("peers", 20).toString()).runs().get(0);
        assertThatThrownBy(() -> new ScenarioRun(scenario, line -> {}).run())
                .isInstanceOf(ScenarioException.class)
                .hasMessage("run 'run': " + problem
                        + "; give more peers, or lower the shares of clients, of attack and of crashes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{lookups: 7}' | 7",
                "'{lookups: 7, refreshes-after: 2}' | 7",
                "'{searchers: 3, lookups-each: 4}' | 12",
                "'{kind: churn, lookups: 10, time: 1h}' | 20",
                "'{kind: churn, lookups: 10, time: 2h}' | 16",
                "'{kind: churn, lookups: 1, time: 1h}' | 4"
            })
    void theNumberOfLookupsThatCanBeReplayedIsThatOfTheFirstMeasurement(String workload, long lookups) {
        assertThat(ScenarioFile.parse("workload: " + workload)
                        .runs()
                        .get(0)
                        .workload()
                        .measuredLookups())
                .isEqualTo(lookups);
    }

    @ParameterizedTest
    @ValueSource(strings = {"36501d", "PT-876001H", "9999999999999999h", "P106751991168000D"})
    void aDurationThatIsTooLongIsRefused(String duration) {
        assertThatThrownBy(() -> ScenarioFile.parse("dead-after: " + duration))
                .isInstanceOf(ScenarioException.class)
                .hasMessage("invalid dead-after '" + duration
                        + "': expected a duration such as 500ms or 24h, at most 36500d");
        assertThatThrownBy(() -> ScenarioFile.parse("latency: uniform 1ms " + duration))
                .isInstanceOf(ScenarioException.class)
                .hasMessageStartingWith("invalid latency 'uniform 1ms " + duration + "': expected ");
    }

    @Test
    void aProblemOfTheYamlIsOneLine() {
        assertThatThrownBy(() -> ScenarioFile.parse("peers: 10\nseed 3\n"))
                .isInstanceOf(ScenarioException.class)
                .satisfies(refused -> assertThat(refused.getMessage().lines()).hasSize(1))
                .hasMessageContaining("line 2");
    }

    @Test
    void theLookupsOfAllSearchersAreLimited() {
        assertThatThrownBy(() -> ScenarioFile.parse("workload: {searchers: 10000000, lookups-each: 1000000}"))
                .isInstanceOf(ScenarioException.class)
                .hasMessage(
                        "workload: lookups-each must give at most 100000000 lookups for all searchers, got 10000000000000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "soon",
                "fixed",
                "uniform 25ms",
                "uniform 75ms 25ms",
                "log-normal 25ms",
                "log-normal 25ms -1",
                "log-normal 25ms 9",
                "mix 25ms 0.5 10% 10",
                "mix 25ms 0.5 10 x10",
                "mix 25ms 0.5 200% x10",
                "fixed 25ms later",
                "fixed 25ms delay 1%",
                "fixed 25ms slow 10% x0.5"
            })
    void aMalformedLatencyIsRefused(String latency) {
        assertThatThrownBy(() -> ScenarioFile.parse("latency: " + latency))
                .isInstanceOf(ScenarioException.class)
                .hasMessageStartingWith("invalid latency '" + latency + "': expected ");
    }

    @ParameterizedTest
    @CsvSource({
        "fixed 50ms, 100",
        "uniform 12.5ms 37.5ms, 50",
        "per-pair 20ms 30ms, 50",
        "log-normal 25ms 0.5, 50",
        "mix 25ms 0.5 10% x10, 50",
        "log-normal 25ms 1.0 slow 10% x10 jitter 0.2 delay 1% 200ms, 50"
    })
    void theUnitOfTimesIsTheMedianRoundTrip(String latency, long millis) {
        assertThat(ScenarioFile.parse("latency: " + latency)
                        .runs()
                        .get(0)
                        .setup()
                        .rtt())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'a: [' | invalid YAML: ", "config: {alpha: 0} | config: alpha: "})
    void aProblemOfAnotherParserIsPassedOn(String yaml, String problem) {
        assertThatThrownBy(() -> ScenarioFile.parse(yaml))
                .isInstanceOf(ScenarioException.class)
                .hasMessageStartingWith(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fill: ideal | fill",
                "work: {lookups: 10} | work",
                "workload: {dying: 0.5} | dying",
                "workload: {repairs: 1} | repairs",
                "attack: {kind: accomplices} | accomplices",
                "attack: {kind: inventors} | inventors"
            })
    void aNameOfAnOlderFormatIsRefused(String yaml, String name) {
        assertThatThrownBy(() -> ScenarioFile.parse(yaml))
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining(name);
    }

    @Test
    void theScenarioFilesOfTheProjectAreRead() throws IOException {
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
    void aReplayShowsEachRequestAndResponse() {
        Scenario scenario = ScenarioFile.parse("""
                        peers: 100
                        seed: 3
                        attack: {kind: colluding, share: 0.2}
                        config: {bootstrap-throttle: "off"}
                        workload: {kind: find-peer, lookups: 10}
                        """).runs().get(0);
        List<String> lines = new ArrayList<>();
        new ScenarioRun(scenario, line -> {}).replay(2, lines::add);
        assertThat(lines.get(0)).startsWith("lookup 2: peer ");
        assertThat(lines).anyMatch(line -> line.contains("request   peer"));
        assertThat(lines).anyMatch(line -> line.contains("response  peer") && line.contains("of them new"));
        assertThat(lines.get(lines.size() - 1)).contains("finished  ");
    }
}
