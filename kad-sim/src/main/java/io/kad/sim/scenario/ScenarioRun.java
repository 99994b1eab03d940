package io.kad.sim.scenario;

import io.kad.api.KademliaConfig;
import io.kad.sim.SimNetwork;
import io.kad.sim.adversary.ColludingPeers;
import io.kad.sim.adversary.FabricatingPeers;
import io.kad.sim.network.PeerBehavior;
import io.kad.sim.network.SimPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Carries out one run of a scenario. */
public final class ScenarioRun {

    private final Scenario scenario;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param progress takes lines that say how far it is
     */
    public ScenarioRun(Scenario scenario, Consumer<String> progress) {
        this.scenario = scenario;
        this.progress = progress;
    }

    /** Runs it, once for each seed. */
    public RunResult run() {
        List<Report> reports = new ArrayList<>();
        long trace = 0;
        for (int i = 0; i < scenario.repeat(); i++) {
            long seed = scenario.setting().seed() + i;
            Report report = new Report();
            try (SimNetwork network = begin(seed)) {
                work(new WorkloadContext(network, scenario, report, progress));
                trace = network.traceHash();
            }
            reports.add(report);
        }
        Report mean = Report.mean(reports);
        List<Expectation> failed = scenario.expectations().stream()
                .filter(each -> !each.holds(mean.figures().getOrDefault(each.figure(), Double.NaN)))
                .toList();
        return new RunResult(scenario, mean, trace, failed);
    }

    /** Runs it, with one seed, up to and including one of its measured lookups, and tells the steps of that in lines. */
    public void replay(int lookup, Consumer<String> lines) {
        ScenarioRun upTo = new ScenarioRun(scenario.upTo(lookup), progress);
        try (SimNetwork network = upTo.begin(scenario.setting().seed())) {
            WorkloadContext stage = new WorkloadContext(network, upTo.scenario, new Report(), progress);
            stage.trace(lookup, lines);
            work(stage);
        }
    }

    /** Returns the network of the run as it is when the work begins. */
    SimNetwork begin(long seed) {
        NetworkSetup setting = scenario.setting();
        progress.accept("%s: %d peers, %s tables, seed %d"
                .formatted(
                        scenario.name(),
                        setting.peers(),
                        setting.fill().name().toLowerCase(java.util.Locale.ROOT),
                        seed));
        SimNetwork network = SimNetwork.builder()
                .peers(setting.peers())
                .seed(seed)
                .fill(setting.fill())
                .clients(setting.clients())
                .conditions(setting.conditions())
                .config(setting.config())
                .build();
        for (int round = 0; round < setting.refreshes(); round++) {
            progress.accept("%s: refresh %d".formatted(scenario.name(), round + 1));
            network.refreshAll();
        }
        attack(network);
        scenario.faults().inject(network);
        return network;
    }

    private void attack(SimNetwork network) {
        Attack attack = scenario.attack();
        if (attack.kind() == Attack.Kind.NONE) {
            return;
        }
        RandomGenerator random = network.random();
        List<SimPeer> hostile = new ArrayList<>();
        for (SimPeer peer : network.peers()) {
            if (!peer.isClient() && random.nextDouble() < attack.share()) {
                hostile.add(peer);
            }
        }
        int k = scenario.setting().config().get(KademliaConfig.K);
        switch (attack.kind()) {
            case SILENT -> hostile.forEach(peer -> peer.conduct(PeerBehavior.SILENT));
            case ACCOMPLICES -> ColludingPeers.install(hostile, k);
            case INVENTORS -> FabricatingPeers.install(network, hostile, attack.supply(), attack.dead(), k);
            case NONE -> throw new IllegalStateException("attack kind must not be NONE");
        }
    }

    private static void work(WorkloadContext stage) {
        switch (stage.work().kind()) {
            case CLOSEST_PEERS -> new ClosestPeersWorkload(stage, false).run();
            case ROUNDS -> new ClosestPeersWorkload(stage, true).run();
            case FIND_PEER -> new FindPeerWorkload(stage).run();
            case CHURN -> new ChurnWorkload(stage).run();
        }
    }
}
