package io.kad.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.bench.cli.CommandException;
import io.kad.bench.load.LoadCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    @Test
    void lessThanOneRoundIsRefused() {
        CommandLine command = new CommandLine(new CompareCommand());
        command.setExecutionExceptionHandler((failure, failed, parsed) -> failure instanceof CommandException ? 7 : 1);
        assertThat(command.execute("--rounds", "0")).isEqualTo(7);
    }

    @Test
    void aServerEndsWhenItIsClosed() throws Exception {
        ServerPlan plan = new ServerPlan(directory, Stack.NOISE, "/kad-bench/kad/1.0.0", 1, 0, List.of("-Xmx128m"));
        long pid;
        try (ServerProcess server = new ServerProcess(Implementation.KAD, plan)) {
            pid = server.pid();
            assertThat(ProcessHandle.of(pid)).isPresent();
        }
        await().until(() -> ProcessHandle.of(pid).isEmpty());
    }
}
