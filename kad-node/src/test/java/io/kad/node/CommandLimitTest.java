package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --timeout} bounds a whole command, also one that waits for input which never comes. */
@Timeout(180)
@DisabledOnOs(OS.WINDOWS)
class CommandLimitTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "put /app/x -",
                "put /app/x @PIPE",
                "put /app/x - --api 127.0.0.1:1",
                "id --key PIPE",
                "config --print --config PIPE",
                "node --config PIPE"
            })
    void aCommandThatWaitsForInputTimesOut(String command) throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        String[] words = Stream.of((command + " --timeout 1s --json").split(" "))
                .map(word -> word.replace("PIPE", pipe.toString()))
                .toArray(String[]::new);
        try (OwnProcess program = OwnProcess.start("C.UTF-8", words)) {
            assertThat(program.rest())
                    .containsExactly("{\"event\":\"error\",\"ok\":false,\"code\":\"timeout\","
                            + "\"message\":\"timed out after 1 s; use --timeout to allow more\"}");
            assertThat(program.exitCode()).isEqualTo(1);
        }
    }
}
