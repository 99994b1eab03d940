package io.kad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The commands in {@code docs/BENCHMARKS.md} are commands of the program; those that are none are of JMH. */
class BenchmarksDocumentTest {

    private static final String PROGRAM = "java -jar kad-bench/target/benchmarks.jar ";
    private static final Set<String> COMMANDS = Set.of("server", "load", "http");

    @Test
    void eachCommandIsOne() throws IOException {
        List<String[]> commands = Files.readAllLines(Path.of("..", "docs", "BENCHMARKS.md")).stream()
                .filter(line -> line.startsWith(PROGRAM))
                .map(line ->
                        line.substring(PROGRAM.length()).replace("PID", "1").split(" ", -1))
                .filter(words -> COMMANDS.contains(words[0]))
                .toList();
        assertThat(commands).extracting(words -> words[0]).containsAll(COMMANDS);
        assertThat(commands)
                .allSatisfy(words -> assertThatCode(
                                () -> BenchmarkProgram.commandLine().parseArgs(words))
                        .as(String.join(" ", words))
                        .doesNotThrowAnyException());
    }
}
