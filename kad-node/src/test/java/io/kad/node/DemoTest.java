package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the demo shows of its lookups. */
@Timeout(240)
@ProgramRun.InTests
class DemoTest {

    /** Returns the lines from the one that begins with {@code heading} to the next verdict. */
    private static List<String> step(ProgramRun demo, String heading) {
        List<String> lines = new ArrayList<>();
        for (String line : demo.out()) {
            if (!lines.isEmpty() || line.startsWith(heading)) {
                lines.add(line);
            }
            if (!lines.isEmpty() && line.startsWith("  right: ")) {
                return lines;
            }
        }
        throw new AssertionError("no right answer after '" + heading + "' in " + demo.out());
    }

    @Test
    void aRecordAndAPeerAreFoundAcrossTheNetwork() {
        ProgramRun demo = ProgramRun.of("demo", "--nodes", "25");

        assertThat(demo.code()).isZero();
        assertThat(step(demo, "get /demo/greeting on "))
                .anyMatch(line -> line.startsWith("  hop 1  "))
                .last()
                .asString()
                .matches("  right: 'hello, DHT' from [1-9A-HJ-NP-Za-km-z]+");
        assertThat(step(demo, "find peer ")).anyMatch(line -> line.startsWith("  hop 1  "));
    }

    @Test
    void aSmallNetworkSaysWhyARecordNeedsNoHop() {
        ProgramRun demo = ProgramRun.of("demo", "--nodes", "3");

        assertThat(demo.code()).isZero();
        assertThat(step(demo, "get /demo/greeting on "))
                .contains(
                        "  no hop: each of the 3 peers stores the record, as they are no more than the 20 closest ones"
                                + " and the writer");
        assertThat(step(demo, "find peer ")).anyMatch(line -> line.startsWith("  hop 1  "));
    }
}
