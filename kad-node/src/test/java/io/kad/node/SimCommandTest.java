package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ProgramRun.InTests
class SimCommandTest {

    private static final String SMALL = """
            title: small
            peers: 100
            seed: 3
            config: {bootstrap-throttle: "off"}
            workload: {lookups: 20}
            """;

    @TempDir
    private Path directory;

    @Test
    void aScenarioThatMeetsItsExpectationsWritesMetricsSamplesAndAPlot() throws IOException {
        Path out = directory.resolve("out");
        ProgramRun ran =
                ProgramRun.of("sim", scenario(SMALL + "expect: {recall: '>= 1.0'}"), "--json", "--out", out.toString());

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).hasSize(1);
        assertThat(ran.last().path("ok").asBoolean()).isTrue();
        JsonNode metrics = ran.last().path("runs").path(0).path("metrics");
        assertThat(metrics.path("recall").asDouble()).isEqualTo(1);
        assertThat(out.resolve("run.csv"))
                .content()
                .startsWith("requests,round-trips")
                .hasLineCount(21);
        assertThat(out.resolve("metrics.csv")).content().contains("run,recall,1.0");
        assertThat(out.resolve("plot.svg")).content().startsWith("<svg").contains("small");
    }

    @Test
    void aScenarioThatMissesAnExpectationEndsWithOneAndNamesTheMetric() throws IOException {
        ProgramRun ran = ProgramRun.of("sim", scenario(SMALL + "expect: {requests: '<= 3'}"), "--json");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.last().path("ok").asBoolean()).isFalse();
        assertThat(ran.last().path("runs").path(0).path("failed").path(0).asText())
                .startsWith("requests <= 3");
    }

    @Test
    void theTextEndsWithTheNumberOfExpectationsThatAreMet() throws IOException {
        ProgramRun failed = ProgramRun.of(
                "sim", scenario(SMALL + "expect: {requests: '<= 3', recal: '>= 1', recall: '>= 1', speed: '>= 1'}"));
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.out())
                .anyMatch(line -> line.contains("requests") && line.contains("NOT MET"))
                .anyMatch(line -> line.matches(" *recal +unknown metric; did you mean 'recall'\\?"))
                .anyMatch(line -> line.matches(" *speed +unknown metric"))
                .last()
                .isEqualTo("FAILED: 3 of 4 expectations not met");
        assertThat(ProgramRun.of("sim", scenario(SMALL + "expect: {recall: '>= 1'}"))
                        .out())
                .last()
                .isEqualTo("PASSED: 1 of 1 expectations met");
    }

    @Test
    void theSeedOfTheCommandLineIsUsedAndGivesTheSameTraceTwice() throws IOException {
        String file = scenario(SMALL);
        assertThat(trace(ProgramRun.of("sim", file, "--json", "--seed", "9")))
                .isEqualTo(trace(ProgramRun.of("sim", file, "--json", "--seed", "9")))
                .isNotEqualTo(trace(ProgramRun.of("sim", file, "--json")));
    }

    @Test
    void theOutputSaysWhetherMessagesWereEncoded() throws IOException {
        ProgramRun encoded = ProgramRun.of("sim", scenario(SMALL), "--json");
        ProgramRun plain = ProgramRun.of("sim", scenario(SMALL + "encoded: false"), "--json");
        assertThat(encoded.last().path("runs").path(0).path("encoded").asBoolean())
                .isTrue();
        assertThat(plain.last().path("runs").path(0).path("encoded").asBoolean(true))
                .isFalse();
        assertThat(ProgramRun.of("sim", scenario(SMALL + "encoded: false")).out())
                .anyMatch(line -> line.matches(" *messages +not encoded"));
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsRefusedBeforeTheSimulation() throws IOException {
        String file = Files.writeString(directory.resolve("a-file"), "x").toString();
        ProgramRun ran = ProgramRun.of("sim", scenario(SMALL), "--out", file);

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).containsExactly("kad: cannot write --out " + file + ": a file of that name exists");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void aRunWithoutSearchersIsRefused() throws IOException {
        String file = scenario(SMALL + "clients: 1");
        ProgramRun ran = ProgramRun.of("sim", file, "--json");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.last().path("code").asText()).isEqualTo("bad-input");
        assertThat(ran.last().path("message").asText())
                .startsWith("invalid SCENARIO " + file + ": run 'run': no running honest server is left");
    }

    private static String trace(ProgramRun ran) {
        return ran.last().path("runs").path(0).path("trace").asText();
    }

    @Test
    void aReplayShowsEachRequestAndResponse() throws IOException {
        ProgramRun ran = ProgramRun.of("sim", "--replay", "5", scenario(SMALL), "--lookup", "2");

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).first().asString().startsWith("lookup 2: peer ");
        assertThat(ran.out()).anyMatch(line -> line.contains("request   peer"));
        assertThat(ran.out()).anyMatch(line -> line.contains("response  peer"));
        assertThat(ProgramRun.of("sim", "--replay", "5", scenario(SMALL), "--json")
                        .last()
                        .path("ok")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void chaosNetworksAreRunByTheOptionAndItsAlias() {
        for (String option : List.of("--chaos", "--seeds")) {
            ProgramRun ran = ProgramRun.of("sim", option, "3", "--seed", "20", "--json");

            assertThat(ran.code()).isZero();
            assertThat(ran.last().path("ok").asBoolean()).isTrue();
            assertThat(ran.last().path("first").asLong()).isEqualTo(20);
        }
        assertThat(ProgramRun.of("sim", "--chaos", "3", "--seed", "20").out())
                .singleElement()
                .asString()
                .matches("PASSED: 3 networks, first seed 20, [0-9]+ s");
    }

    @Test
    void aSimulationThatTakesTooLongEndsWithATimeout() throws IOException {
        String large = scenario(SMALL.replaceAll("(?m)^peers: .*", "peers: 5000")
                .replaceAll("(?m)lookups: [0-9]+", "lookups: 1000000"));
        for (List<String> simulation : List.of(List.of(large), List.of("--chaos", "1000000"))) {
            List<String> words = new ArrayList<>(List.of("sim", "--json", "--timeout", "100ms"));
            words.addAll(simulation);
            ProgramRun ran = ProgramRun.of(words.toArray(String[]::new));

            assertThat(ran.code()).isEqualTo(1);
            assertThat(ran.last().path("code").asText()).isEqualTo("timeout");
            assertThat(ran.last().path("message").asText()).startsWith("timed out after 100 ms");
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("kad-sim")));
        }
    }

    @Test
    void aSimulationThatEndsInTimeIsNotAffectedByTheTimeout() throws IOException {
        ProgramRun ran = ProgramRun.of("sim", "--timeout", "10m", scenario(SMALL), "--json");
        assertThat(ran.code()).isZero();
        assertThat(ran.last().path("ok").asBoolean()).isTrue();
    }

    private String scenario(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "scenario", ".yaml"), text)
                .toString();
    }
}
