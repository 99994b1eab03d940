package io.kad.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests of the metrics of the scenario files at a small scale, against the expectations. */
class ScenarioMetricsTest {

    private static final String IDEAL = """
            seed: 7
            peers: 1000
            connections: false
            config: {bootstrap-interval: "off", bootstrap-throttle: "off"}
            """;

    @Test
    void aHealthyNetworkFindsTheClosestPeersWithTheExpectedRequests() {
        expectAll(IDEAL + """
                        workload: {kind: closest-peers, lookups: 400}
                        expect: {recall: ">= 1.0", failures: "<= 0"}
                        runs:
                          - {name: scoped, expect: {requests: 21.5 +- 3 %, round-trips: 3.33 +- 4 %}}
                          - {name: beta, config: {lookup-strategy: beta, alpha: 10}, expect: {requests: 27.7 +- 5 %, round-trips: 3.22 +- 5 %}}
                          - {name: stall, config: {lookup-strategy: stall}, expect: {requests: 44.2 +- 6 %, round-trips: 3.33 +- 4 %}}
                        """);
    }

    @Test
    void peersWithoutJobsAreCreatedWhenTheyAreUsedUnlessTheScenarioSaysOtherwise() {
        String idle = """
                seed: 7
                peers: 2000
                connections: false
                config: {bootstrap-interval: "off", bootstrap-throttle: "off", expiry-sweep-interval: "off",
                         republish-interval: "off", replicate-interval: "off", reprovide-interval: "off"}
                workload: {kind: closest-peers, lookups: 10}
                """;
        expectAll(idle + "expect: {recall: '>= 1.0', awake: '<= 0.12'}");
        expectAll(idle + "dormant: false\nexpect: {recall: '>= 1.0', awake: '>= 1.0'}");
    }

    @Test
    void aJoinedNetworkFindsTheClosestPeers() {
        expectAll("""
                seed: 7
                peers: 300
                tables: joined
                refreshes: 2
                config: {bootstrap-interval: "off", bootstrap-throttle: "off"}
                workload: {kind: closest-peers, lookups: 200}
                expect: {recall: ">= 0.999", failures: "<= 0"}
                """);
    }

    @Test
    void theFirstOfTheClosestPeersIsQueriedInTheExpectedRound() {
        expectAll("""
                seed: 7
                peers: 25000
                connections: false
                latency: fixed 50ms
                config: {bootstrap-interval: "off", bootstrap-throttle: "off", alpha: 10}
                workload: {kind: rounds, lookups: 1000}
                expect: {recall: ">= 1.0", rounds: 1.926 +- 0.06}
                """);
    }

    @Test
    void lookupsFindTheClosestPeersAfterACrashOfHalfOfThePeersBeforeAndAfterRefreshes() {
        expectAll("""
                seed: 7
                peers: 500
                config: {bootstrap-interval: "off", bootstrap-throttle: "off", request-timeout: 500ms, min-request-timeout: 500ms}
                workload: {kind: closest-peers, lookups: 100, searchers: 50, warm-up: 2, crash-share: 0.5, refreshes-after: 2}
                expect: {closest-found: ">= 0.999", recall: ">= 0.97", closest-found-after-2: ">= 0.999", recall-after-2: ">= 0.97"}
                """);
    }

    @Test
    void disjointPathsFindPeersAmongColludingOnes() {
        expectAll(IDEAL + """
                        workload: {kind: find-peer, lookups: 200}
                        runs:
                          - {name: d1, attack: {kind: colluding, share: 0.5}, expect: {found: ">= 0.37"}}
                          - {name: d8, attack: {kind: colluding, share: 0.5}, config: {disjoint-paths: 8}, expect: {found: ">= 0.9"}}
                          - {name: d8-fifth, attack: {kind: colluding, share: 0.2}, config: {disjoint-paths: 8}, expect: {found: ">= 0.99"}}
                        """);
    }

    @Test
    void aLookupAmongFabricatingPeersFinishes() {
        expectAll(IDEAL + """
                        config: {bootstrap-interval: "off", bootstrap-throttle: "off", request-timeout: 500ms, min-request-timeout: 500ms}
                        workload: {kind: find-peer, lookups: 100}
                        runs:
                          - {name: d1, attack: {kind: fabricating, share: 0.5, dead: 0.5}, expect: {requests-max: "<= 640"}}
                        """.replaceFirst("config:.*\n", ""));
    }

    /** All publishers leave, so what is found is what others have kept and renewed: it is lost if all of that is off. */
    @Test
    void recordsAreFoundInChurnAsTheyAreRepublishedNotAsTheirPublishersRun() {
        expectAll("""
                seed: 7
                peers: 40
                dial-round-trips: 1
                config: {k: 10, bootstrap-interval: 30m, republish-interval: 2h, replicate-interval: 15m, reprovide-interval: 1h}
                workload: {kind: churn, publishers-leave: true, time: 4h, lookups: 32, session-scale: 1h, session-shape: 1}
                runs:
                  - {name: republished, expect: {records-found: ">= 0.99", providers-found: ">= 0.99", publishers-left: ">= 15"}}
                  - name: published-once
                    config: {republish-interval: "off", replicate-interval: "off", reprovide-interval: "off"}
                    expect: {records-found: "<= 0.8", records-found-min: "<= 0.5", publishers-left: ">= 15"}
                """);
    }

    @Test
    void theFaultsOfAFileAreInjected() {
        List<RunResult> results = run("""
                peers: 200
                seed: 5
                config: {bootstrap-throttle: "off"}
                workload: {lookups: 100, searchers: 20}
                runs:
                  - {name: none, expect: {recall: ">= 1.0"}}
                  - {name: slow, faults: {slow: 0.3, slow-by: 150ms}, expect: {recall: ">= 0.97"}}
                  - {name: cut, faults: {cut: 0.3, cut-for: 24h}, expect: {recall: "<= 0.9"}}
                  - {name: crashing, faults: {crashing: 0.4, down-for: 24h}, expect: {closest-found: ">= 0.95"}}
                  - {name: healed, faults: {cut: 0.5, cut-for: 1ms, crashing: 0.2, down-for: 1ms}, expect: {recall: ">= 0.95"}}
                """);
        for (RunResult result : results) {
            assertThat(result.failed()).as("%s", result.report().metrics()).isEmpty();
        }
        double none = results.get(0).report().metrics().get("requests");
        for (RunResult result : results.subList(1, 3)) {
            assertThat(result.report().metrics().get("requests")).isGreaterThan(none);
        }
    }

    @Test
    void anExpectationThatIsNotMetFails() {
        RunResult result = run(IDEAL + "workload: {lookups: 10}\nexpect: {requests: \"<= 3\", nonsense: \">= 1\"}\n")
                .get(0);
        assertThat(result.isOk()).isFalse();
        assertThat(result.failed()).extracting(Expectation::metric).containsExactly("requests", "nonsense");
    }

    @Test
    void theSameSeedGivesTheSameMetricsAndTraceAndAnotherSeedDoesNot() {
        String scenario =
                IDEAL + "workload: {lookups: 50}\nloss: 0.05\njitter: 5ms\nruns: [{name: a}, {name: b, seed: 8}]\n";
        List<RunResult> once = run(scenario);
        List<RunResult> again = run(scenario);
        assertThat(once.get(0).traceHash())
                .isEqualTo(again.get(0).traceHash())
                .isNotEqualTo(once.get(1).traceHash());
        assertThat(once.get(0).report().rows())
                .hasSameSizeAs(again.get(0).report().rows());
        assertThat(once.get(0).report().metrics().get("requests"))
                .isEqualTo(again.get(0).report().metrics().get("requests"));
    }

    private static void expectAll(String scenario) {
        for (RunResult result : run(scenario)) {
            assertThat(result.failed())
                    .as("%s: %s", result.scenario().name(), result.report().metrics())
                    .isEmpty();
        }
    }

    private static List<RunResult> run(String scenario) {
        return ScenarioFile.parse(scenario).runs().stream()
                .map(run -> new ScenarioRun(run, line -> {}).run())
                .toList();
    }
}
