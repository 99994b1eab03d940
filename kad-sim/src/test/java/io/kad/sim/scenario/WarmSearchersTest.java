package io.kad.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.sim.SimNetwork;
import io.kad.sim.network.SimPeer;
import io.kad.sim.network.TrafficListener;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests of the workload of warm searchers: what they do in which order, what is dead meanwhile, and what is measured. */
class WarmSearchersTest {

    private static final String SCENARIO = """
            seed: 7
            peers: 200
            connections: false
            latency: log-normal 25ms 0.5
            config: {bootstrap-interval: "off", bootstrap-throttle: "off", request-timeout: 2s, min-request-timeout: 2s}
            """;

    @Test
    void eachSearcherMakesItsLookupsInARow() {
        Run run = run(SCENARIO + "workload: {searchers: 3, warm-up: 2, lookups-each: 5, pause: 2s}");
        List<SimPeer> order = new ArrayList<>();
        run.lookups.forEach(lookup -> order.add(lookup.searcher()));
        assertThat(order).hasSize(3 * 2 + 3 * 5);
        List<SimPeer> expected = new ArrayList<>();
        for (int length : new int[] {2, 5}) {
            for (SimPeer searcher : run.context.searchers()) {
                for (int i = 0; i < length; i++) {
                    expected.add(searcher);
                }
            }
        }
        assertThat(order).isEqualTo(expected);
        assertThat(run.report.rows()).as("measured lookups").hasSize(15);
    }

    @Test
    void theDeadAreDeadBeforeTheWarmUpAndStayInAllTables() {
        Run run = run(SCENARIO + "workload: {searchers: 3, warm-up: 2, lookups-each: 5, pause: 2s, dead-share: 0.3}");
        SimNetwork network = run.network;
        assertThat(network.running()).hasSize(140).containsAll(run.context.searchers());
        assertThat(run.lookups).as("the first lookup sees the dead").allMatch(lookup -> lookup.running() == 140);
        for (SimPeer peer : network.running()) {
            assertThat(table(peer)).isEqualTo(run.tables.get(peer.number()));
        }
        assertThat(run.tables.get(run.context.searchers().get(0).number()))
                .anyMatch(peer -> !network.find(peer).orElseThrow().isUp());
    }

    @Test
    void theCrashShareCrashesAfterTheWarmUp() {
        Run run = run(SCENARIO + "workload: {searchers: 3, warm-up: 2, lookups-each: 5, crash-share: 0.3}");
        assertThat(run.lookups.subList(0, 6)).allMatch(lookup -> lookup.running() == 200);
        assertThat(run.lookups.subList(6, 21)).allMatch(lookup -> lookup.running() == 140);
    }

    @Test
    void aDeadPeerCostsItsTimeoutAndNotARoundTrip() {
        String dead = "workload: {searchers: 3, warm-up: 2, lookups-each: 5, pause: 2s, dead-share: 0.3}\n";
        double stall = run(SCENARIO.replace("2s}", "2s, lookup-strategy: stall}") + dead)
                .report
                .metrics()
                .get("duration-ms");
        assertThat(stall).as("rust's rule waits for dead peers").isGreaterThan(2000);
    }

    @Test
    void exactLookupsAndDurationsAreMeasured() {
        Map<String, Double> metrics = run(SCENARIO
                        + "faults: {cut: 0.3, cut-for: 24h}\nworkload: {searchers: 5, lookups-each: 10}")
                .report
                .metrics();
        assertThat(metrics.get("exact")).isLessThan(0.5).isLessThan(metrics.get("recall"));
        assertThat(metrics.get("duration-ms")).isCloseTo(metrics.get("round-trips") * 50, within(1e-6));
        assertThat(metrics.get("duration-ms-p99"))
                .isCloseTo(metrics.get("round-trips-p99") * 50, within(1e-6))
                .isGreaterThanOrEqualTo(metrics.get("duration-ms-p95"));
        assertThat(metrics.get("duration-ms-p95")).isGreaterThan(metrics.get("duration-ms"));
    }

    @Test
    void aLookupThatFailsCountsAsOneThatFoundNothing() {
        Map<String, Double> metrics = run(SCENARIO.replace("2s}", "2s, query-timeout: 1ms}")
                        + "workload: {lookups: 10}")
                .report
                .metrics();
        assertThat(metrics)
                .containsEntry("failures", 10.0)
                .containsEntry("recall", 0.0)
                .containsEntry("exact", 0.0);
    }

    @Test
    void responsesOfSlowPeersAfterTheEndAreCountedInThePause() {
        String slow = SCENARIO + "faults: {slow: 0.3, slow-by: 1900ms}\n";
        Map<String, Double> late = run(slow + "workload: {searchers: 3, warm-up: 5, lookups-each: 10, pause: 3s}")
                .report
                .metrics();
        Map<String, Double> none = run(SCENARIO.replace("log-normal 25ms 0.5", "fixed 25ms")
                        + "workload: {searchers: 3, warm-up: 5, lookups-each: 10, pause: 3s}")
                .report
                .metrics();
        assertThat(late.get("late-responses"))
                .isBetween(0.05, 0.5)
                .isCloseTo(late.get("responses-after-end") + late.get("responses-after-timeout"), within(1e-9));
        assertThat(none).containsEntry("late-responses", 0.0).containsEntry("exact", 1.0);
    }

    @Test
    void responsesAfterTheTimeoutOfARunningLookupAreCounted() {
        String slow = SCENARIO.replace(
                        "2s, min-request-timeout: 2s}", "500ms, min-request-timeout: 500ms, lookup-strategy: stall}")
                + "faults: {slow: 0.3, slow-by: 600ms}\nworkload: {searchers: 3, lookups-each: 10, pause: 3s}";
        assertThat(run(slow).report.metrics().get("responses-after-timeout")).isGreaterThan(0.02);
    }

    @Test
    void lookupsEachNeedsSearchers() {
        assertThatThrownBy(() -> ScenarioFile.parse("workload: {lookups-each: 5}"))
                .isInstanceOf(ScenarioException.class)
                .hasMessage("workload: missing searchers, which lookups-each needs");
    }

    private static Set<PeerId> table(SimPeer peer) {
        Set<PeerId> ids = new HashSet<>();
        peer.kademlia().routingTable().entries().forEach(entry -> ids.add(entry.peer()));
        return ids;
    }

    private static Run run(String yaml) {
        return new Run(ScenarioFile.parse(yaml).runs().get(0));
    }

    private record Lookup(SimPeer searcher, Bytes target, int running) {}

    /** Run of a scenario, with the tables before it and its lookups in order. */
    private static final class Run implements TrafficListener {

        private final SimNetwork network;
        private final WorkloadContext context;
        private final Report report = new Report();
        private final List<Lookup> lookups = new ArrayList<>();
        private final Set<Bytes> targets = new HashSet<>();
        private final Map<Integer, Set<PeerId>> tables = new TreeMap<>();

        Run(Scenario scenario) {
            network = new ScenarioRun(scenario, line -> {})
                    .createNetwork(scenario.setup().seed());
            network.peers().forEach(peer -> tables.put(peer.number(), table(peer)));
            network.addTrafficListener(this);
            context = new WorkloadContext(network, scenario, report, line -> {});
            new ClosestPeersWorkload(context, false).run();
        }

        @Override
        public void requestReceived(SimPeer from, SimPeer to, KadRequest request) {
            Bytes target = ((KadRequest.FindNode) request).target();
            if (targets.add(target)) {
                lookups.add(new Lookup(from, target, network.running().size()));
            }
        }
    }
}
