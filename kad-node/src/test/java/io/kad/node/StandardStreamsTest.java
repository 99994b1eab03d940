package io.kad.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Standard streams of the program that are closed or full. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class StandardStreamsTest {

    private static final String NODE = "node --stdin --json --listen /ip4/127.0.0.1/tcp/0";

    @TempDir
    private Path directory;

    /** Starts the program by a command of the shell, in which {@code "$@"} stands for it; standard error goes to a file. */
    private Process start(String shell, String arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", shell, "sh"));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.kad.node.Main"));
        words.addAll(List.of(arguments.split(" ")));
        return new ProcessBuilder(words)
                .redirectError(directory.resolve("err").toFile())
                .start();
    }

    private List<String> errors() throws IOException {
        return Files.readAllLines(directory.resolve("err")).stream()
                .filter(line -> line.startsWith("kad: "))
                .toList();
    }

    private static int exitCode(Process process) throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the program did not end");
        }
        return process.exitValue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--version",
                "help",
                "get --help",
                "completion bash",
                "config --print",
                "config --print --json",
                NODE
            })
    void anAnswerThatCannotBeWrittenIsAFailure(String command) throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "this machine has no full device");
        assertThat(exitCode(start("exec \"$@\" >/dev/full </dev/null", command)))
                .isEqualTo(1);
        assertThat(errors())
                .containsExactly(
                        "kad: cannot write to standard output: No space left on device; part of the answer is lost");
    }

    @Test
    void aReaderThatHasGoneAwayIsNoNews() throws Exception {
        Process node = start("exec \"$@\"", NODE);
        node.getInputStream().close();
        node.getOutputStream().close(); // ends the session, whose last line has no reader

        assertThat(exitCode(node)).isEqualTo(1);
        assertThat(errors()).isEmpty();
    }

    @Test
    void aClosedStandardInputIsEmptyAndNotAFileThatTheJvmReads() throws Exception {
        Process node = start("exec \"$@\" <&-", NODE);
        assertThat(new String(node.getInputStream().readAllBytes(), UTF_8).lines())
                .hasSize(2)
                .last()
                .isEqualTo("{\"event\":\"stopped\",\"ok\":true}");
        assertThat(exitCode(node)).isZero();
    }
}
