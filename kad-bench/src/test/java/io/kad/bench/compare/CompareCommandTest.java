package io.kad.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.bench.BenchmarkProgram;
import io.kad.bench.load.LoadCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Kad alone, as the peers of the other implementations may not be built. */
class CompareCommandTest {

    @TempDir
    private Path directory;

    private int run(Path out, String... further) {
        CommandLine command = new CommandLine(new CompareCommand());
        String[] args = {
            "--interop",
            directory.toString(),
            "--rounds",
            "2",
            "--warm-up",
            "0ms",
            "--time",
            "200ms",
            "--keys",
            "3",
            "--out",
            out.toString(),
            "--scenarios",
            "find-node-kept,get-value-kept"
        };
        String[] all = new String[args.length + further.length];
        System.arraycopy(args, 0, all, 0, args.length);
        System.arraycopy(further, 0, all, args.length, further.length);
        return command.execute(all);
    }

    @Test
    void eachRoundMeasuresEachScenarioInAProcessOfItsOwn() throws Exception {
        Path out = directory.resolve("out.jsonl");
        assertThat(run(out)).isZero();

        List<String> lines = Files.readAllLines(out);
        assertThat(lines).hasSize(4);
        for (int i = 0; i < 4; i++) {
            JsonNode line = new ObjectMapper().readTree(lines.get(i));
            assertThat(line.get("implementation").asText()).isEqualTo("kad");
            assertThat(line.get("round").asInt()).isEqualTo(i / 2 + 1);
            assertThat(line.get("scenario").asText()).isEqualTo(i % 2 == 0 ? "find-node-kept" : "get-value-kept");
            assertThat(line.get("exactResponses").asInt()).isEqualTo(50);
            assertThat(line.get("serverWarmUpSeconds").asDouble()).isEqualTo(10);
            assertThat(line.get("javaOptions")).isEmpty();
            assertThat(line.get("warmUpSeconds").asDouble()).isZero();
            assertThat(line.get("seconds").asDouble()).isEqualTo(0.2);
            assertThat(line.get("timeoutSeconds").asDouble()).isEqualTo(10);
            assertThat(line.get("seed").asLong()).isEqualTo(1);
            assertThat(line.get("keys").asInt()).isEqualTo(3);
            assertThat(line.get("valueBytes").asInt()).isEqualTo(256);
            assertThat(line.get("providers").asInt()).isEqualTo(3);
            assertThat(line.get("requests").asLong()).isPositive();
            assertThat(line.get("missed").asLong()).isZero();
            assertThat(line.get("errors")).isEmpty();
            assertThat(line.get("serverResidentBytes").asLong()).isPositive();
            assertThat(line.get("serverAllocatedBytesPerRequest").asDouble()).isPositive();
        }
    }

    @Test
    void itsDefaultsAreShorterThanThoseOfOneLoad() {
        assertThat(new CommandLine(new CompareCommand()).getUsageMessage())
                .containsPattern("measurement\\s+\\(default: 3s\\)")
                .containsPattern("measurement\\s+\\(default: 5s\\)")
                .containsPattern("\\(default:\\s+200;");
        assertThat(new CommandLine(new LoadCommand()).getUsageMessage())
                .containsPattern("measurement\\s+\\(default: 5s\\)")
                .containsPattern("measurement\\s+\\(default: 10s\\)")
                .containsPattern("\\(default:\\s+1000;");
    }

    /** The interop directory has no peers, so that a check that comes late comes after lines about them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--rounds 0; invalid --rounds 0: expected at least 1",
                "--time 0s; invalid --time 0s: expected 1ms to 1440m",
                "--time 999999999m; invalid --time 999999999m: expected 1ms to 1440m",
                "--timeout 0ms; invalid --timeout 0s: expected 1ms to 1440m",
                "--warm-up 86401s; invalid --warm-up 86401s: expected 0s to 1440m",
                "--server-warm-up 86400001ms; invalid --server-warm-up 86400001ms: expected 0s to 1440m",
                "--keys 0; invalid --keys 0: expected at least 1",
                "--table 141; invalid --table 141: expected 0 to 140 with js",
                "--table 271 --implementations kad; invalid --table 271: expected 0 to 270",
                "--scenarios fast; invalid scenario 'fast': expected one of",
                "--out /nonexistent/out; cannot write --out /nonexistent/out: expected a file in a directory that exists"
            })
    void anOptionOutOfRangeIsRefusedBeforeAnythingElse(String options, String message) {
        assertThat(errors(("--interop " + directory + " " + options).split(" ")))
                .startsWith(message)
                .hasLineCount(1);
    }

    @Test
    void nothingToMeasureIsAnError() {
        assertThat(errors("--interop", directory.toString(), "--implementations", "go,rust"))
                .endsWith(
                        "no implementation of --implementations is built: run kad-bench/compare.sh, which builds them\n");
    }

    /** Returns what a command that fails writes to standard error. */
    private static String errors(String... options) {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            CommandLine program = BenchmarkProgram.commandLine();
            program.setErr(new PrintWriter(errors, true, StandardCharsets.UTF_8));
            String[] all =
                    Stream.concat(Stream.of("compare"), Stream.of(options)).toArray(String[]::new);
            assertThat(program.execute(all)).isEqualTo(1);
        } finally {
            System.setErr(before);
        }
        return errors.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aServerEndsWhenItIsClosed() throws Exception {
        ServerPlan plan = new ServerPlan(directory, Stack.NOISE, "/kad-bench/kad/1.0.0", 1, 0, List.of("-Xmx128m"));
        long pid;
        try (ServerProcess server = new ServerProcess(Implementation.KAD, plan)) {
            pid = server.pid();
            assertThat(ProcessHandle.of(pid)).isPresent();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> ProcessHandle.of(pid).isEmpty());
    }
}
