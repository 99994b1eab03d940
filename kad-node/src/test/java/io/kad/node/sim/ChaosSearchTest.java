package io.kad.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.node.output.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChaosSearchTest {

    @Test
    void theTraceIsTheSameForTheSameSeedsAndDiffersForOthers() throws IOException {
        String trace = trace(3, 20);
        assertThat(trace).matches("[0-9a-f]{16}").isEqualTo(trace(3, 20));
        assertThat(trace(3, 21)).isNotEqualTo(trace);
        assertThat(trace(2, 20)).isNotEqualTo(trace);
    }

    private static String trace(int count, long firstSeed) throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
        Output output = new Output(out, out, true);
        assertThat(new ChaosSearch(output, TimeLimit.NONE).run(count, firstSeed))
                .isZero();
        return new ObjectMapper()
                .readTree(written.toString(StandardCharsets.UTF_8))
                .path("trace")
                .asText();
    }
}
