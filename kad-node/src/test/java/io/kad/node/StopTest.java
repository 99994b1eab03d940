package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which a running peer stops. */
@Timeout(180)
@ProgramRun.InTests
class StopTest {

    private static final String STOPPED = "{\"event\":\"stopped\",\"ok\":true}";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"--stdin", "--debug"})
    @DisabledOnOs(OS.WINDOWS)
    void aSignalStopsItAndItSaysSo(String option) throws Exception {
        try (OwnProcess node = OwnProcess.start("C", "node", option, "--json", "--listen", "/ip4/127.0.0.1/tcp/0")) {
            assertThat(node.line()).contains("\"listening\"");
            node.terminate();
            assertThat(node.rest()).isEqualTo(List.of(STOPPED));
            assertThat(node.exitCode()).isEqualTo(143);
        }
    }

    /** A value from a pipe: once the pipe has a reader, the command runs, and waits. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    @SuppressWarnings("try") // the pipe is only held open
    void aSignalAnswersEachCommandOnceBeforeTheLastLine() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try (OwnProcess node = OwnProcess.start("C", "node", "--stdin", "--json", "--listen", "/ip4/127.0.0.1/tcp/0")) {
            assertThat(node.line()).contains("\"listening\"");
            node.write("#a put /app/x @" + pipe + "\n");
            try (OutputStream value = Files.newOutputStream(pipe)) {
                node.terminate();
                assertThat(node.rest())
                        .containsExactly(
                                "{\"event\":\"error\",\"ok\":false,\"code\":\"unreachable\",\"message\":\"the node is"
                                        + " stopping; repeat the command when it runs again\",\"id\":\"a\"}",
                                STOPPED);
            }
            assertThat(node.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void itsTimeoutStopsItAsASignalDoes() {
        ProgramRun ran = ProgramRun.of("node", "--json", "--timeout", "1ms", "--listen", "/ip4/127.0.0.1/tcp/0");
        assertThat(ran.out()).hasSize(2).last().isEqualTo(STOPPED);
        assertThat(ran.code()).isZero();
    }

    @Test
    void itsTimeoutStopsASessionToo() throws Exception {
        try (OwnProcess node = OwnProcess.start(
                "C", "node", "--stdin", "--json", "--timeout", "1ms", "--listen", "/ip4/127.0.0.1/tcp/0")) {
            assertThat(node.rest()).hasSize(2).last().isEqualTo(STOPPED);
            assertThat(node.exitCode()).isZero();
        }
    }
}
