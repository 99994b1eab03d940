package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that a command leaves in the directory of temporary files: libraries are unpacked there, and removed once they are loaded. */
@Timeout(180)
class FilesAtExitTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get --help",
                "get --no-such-option",
                "ping no-address",
                "get /app/x --bootstrap no-address",
                "get /app/x --key /no/such/directory/key",
                "get /app/x --security noise"
            })
    void noneOfACommandThatEndsEarly(String command, @TempDir Path temporary) throws Exception {
        List<String> jvm = List.of("-Djava.io.tmpdir=" + temporary);
        try (OwnProcess process = OwnProcess.start("C.UTF-8", jvm, command.split(" "))) {
            process.rest();
            process.exitCode();
        }
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files).isEmpty();
        }
    }
}
