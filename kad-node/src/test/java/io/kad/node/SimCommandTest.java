package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_OUT)
class SimCommandTest {

    private static final String SMALL = """
            title: small
            peers: 100
            seed: 3
            config: {bootstrap-delay: "off"}
            work: {lookups: 20}
            """;

    @TempDir
    private Path directory;

    /** What a command has written to standard output, and its exit code. */
    private record Ran(int code, List<String> lines) {

        JsonNode last() throws IOException {
            return new ObjectMapper().readTree(lines.get(lines.size() - 1));
        }
    }

    @Test
    void aScenarioThatMeetsWhatIsExpectedWritesFiguresObservationsAndADrawing() throws IOException {
        Path out = directory.resolve("out");
        Ran ran = run("sim", scenario(SMALL + "expect: {recall: '>= 1.0'}"), "--json", "--out", out.toString());

        assertThat(ran.code()).isZero();
        assertThat(ran.lines()).hasSize(1);
        assertThat(ran.last().path("ok").asBoolean()).isTrue();
        JsonNode figures = ran.last().path("runs").path(0).path("figures");
        assertThat(figures.path("recall").asDouble()).isEqualTo(1);
        assertThat(out.resolve("run.csv"))
                .content()
                .startsWith("requests,round-trips")
                .hasLineCount(21);
        assertThat(out.resolve("figures.csv")).content().contains("run,recall,1.0");
        assertThat(out.resolve("plot.svg")).content().startsWith("<svg").contains("small");
    }

    @Test
    void aScenarioThatDoesNotEndsWithOneAndSaysWhichFigure() throws IOException {
        Ran ran = run("sim", scenario(SMALL + "expect: {requests: '<= 3'}"), "--json");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.last().path("ok").asBoolean()).isFalse();
        assertThat(ran.last().path("runs").path(0).path("failed").path(0).asText())
                .startsWith("requests <= 3");
        assertThat(run("sim", scenario(SMALL + "expect: {requests: '<= 3'}")).lines())
                .anyMatch(line -> line.contains("requests") && line.contains("NOT MET"));
    }

    @Test
    void theSeedOfTheCommandLineIsUsedAndGivesTheSameTraceTwice() throws IOException {
        String file = scenario(SMALL);
        assertThat(trace(run("sim", file, "--json", "--seed", "9")))
                .isEqualTo(trace(run("sim", file, "--json", "--seed", "9")))
                .isNotEqualTo(trace(run("sim", file, "--json")));
    }

    private static String trace(Ran ran) throws IOException {
        return ran.last().path("runs").path(0).path("trace").asText();
    }

    @Test
    void aReplayShowsWhatEachPeerWasAskedAndSaid() throws IOException {
        Ran ran = run("sim", "--replay", "5", scenario(SMALL), "--lookup", "2");

        assertThat(ran.code()).isZero();
        assertThat(ran.lines()).first().asString().startsWith("lookup 2: peer ");
        assertThat(ran.lines()).anyMatch(line -> line.contains("asks    peer"));
        assertThat(ran.lines()).anyMatch(line -> line.contains("answer  peer"));
        assertThat(run("sim", "--replay", "5", scenario(SMALL), "--json")
                        .last()
                        .path("ok")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void seedsAreChecked() throws IOException {
        Ran ran = run("sim", "--seeds", "3", "--seed", "20", "--json");

        assertThat(ran.code()).isZero();
        assertThat(ran.last().path("ok").asBoolean()).isTrue();
        assertThat(ran.last().path("first").asLong()).isEqualTo(20);
    }

    @Test
    void badInputIsNamedAndEndsWithTwo() throws IOException {
        for (String[] arguments : new String[][] {
            {"sim"},
            {"sim", directory.resolve("missing.yaml").toString()},
            {"sim", scenario("pears: 3")},
            {"sim", scenario(SMALL), "--run", "other"},
            {"sim", scenario(SMALL), "--replay", "1", "--lookup", "0"},
            {"sim", "--seeds", "0"}
        }) {
            String[] asJson = Arrays.copyOf(arguments, arguments.length + 1);
            asJson[arguments.length] = "--json";
            Ran ran = run(asJson);
            assertThat(ran.code()).as(String.join(" ", arguments)).isEqualTo(2);
            assertThat(ran.last().path("code").asText()).isEqualTo("bad-input");
        }
    }

    private String scenario(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "scenario", ".yaml"), text)
                .toString();
    }

    private static Ran run(String... arguments) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            int code = Main.commandLine().execute(arguments);
            return new Ran(
                    code, written.toString(StandardCharsets.UTF_8).lines().toList());
        } finally {
            System.setOut(before);
        }
    }
}
