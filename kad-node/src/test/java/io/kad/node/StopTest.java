package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which a running peer stops. */
@Timeout(180)
@ProgramRun.InTests
class StopTest {

    private static final String STOPPED = "{\"event\":\"stopped\",\"ok\":true}";

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
