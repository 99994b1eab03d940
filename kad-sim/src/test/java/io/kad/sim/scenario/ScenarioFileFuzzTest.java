package io.kad.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of scenarios. */
class ScenarioFileFuzzTest {

    static Stream<byte[]> seeds() {
        return Stream.of(
                        """
                        title: two
                        peers: 50
                        config: {alpha: 4, k: 8}
                        runs:
                          - {name: a, latency: log-normal 25ms 0.5 slow 10% x10, expect: {hops: < 3}}
                          - {name: b, peers: 60, tables: joined, config: {k: 9}}
                        """,
                        """
                        workload: {kind: churn, time: 2h, session-scale: 30m, session-shape: 0.68, lookups-each: 3, searchers: 4}
                        faults: {slow: 0.1, slow-by: 1s, cut: 0.5, cut-for: 1m, crashing: 0.1, down-for: 2m}
                        """,
                        """
                        attack: {kind: colluding, share: 0.2, supply: 100, dead: 0}
                        seed: 7
                        repeat: 3
                        jitter: 1.5ms
                        addresses: 2
                        connections: false
                        """,
                        "a: &a [*a]\n",
                        "peers: 0x10\nseed: 1_0\nloss: .5e-1\n",
                        "peers: 1\nseed 3\n",
                        "- 1",
                        "")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void isReadOrRefusedInOneLine(byte[] input) {
        String yaml = new String(input, StandardCharsets.UTF_8);
        parse(yaml)
                .ifPresent(read -> assertThat(read.runs()).isNotEmpty().allSatisfy(run -> {
                    assertThat(run.repeat()).isBetween(1, 1000);
                    assertThat(run.setup().peers()).isBetween(2, 10_000_000);
                    assertThat(run.workload().lookups()).isPositive();
                }));
    }

    private static Optional<ScenarioFile> parse(String yaml) {
        try {
            return Optional.of(ScenarioFile.parse(yaml));
        } catch (ScenarioException refused) {
            assertThat(refused.getMessage().lines()).hasSize(1);
            return Optional.empty();
        }
    }
}
