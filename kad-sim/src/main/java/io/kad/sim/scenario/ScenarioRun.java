package io.kad.sim.scenario;

import io.kad.api.KademliaConfig;
import io.kad.sim.SimNetwork;
import io.kad.sim.adversary.ColludingPeers;
import io.kad.sim.adversary.FabricatingPeers;
import io.kad.sim.network.MessageCodec;
import io.kad.sim.network.PeerBehavior;
import io.kad.sim.network.SimPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Execution of one run of a scenario. Confined to one thread. */
public final class ScenarioRun {

    private final Scenario scenario;
    private final Consumer<String> progress;
    private final MessageCodec.@Nullable Factory codecs;

    /**
     * Creates an execution of {@code scenario} whose messages are not encoded.
     *
     * @param progress receives a line of progress every few seconds
     */
    public ScenarioRun(Scenario scenario, Consumer<String> progress) {
        this(scenario, progress, null);
    }

    /**
     * Creates an execution of {@code scenario}.
     *
     * @param progress receives a line of progress every few seconds
     * @param codecs codec of the messages, unless the scenario says that they are not encoded; null if there is none
     */
    public ScenarioRun(Scenario scenario, Consumer<String> progress, MessageCodec.@Nullable Factory codecs) {
        this.scenario = scenario;
        this.progress = progress;
        this.codecs = scenario.setup().encoded() ? codecs : null;
    }

    /**
     * Runs the scenario, once per seed.
     *
     * @return the metrics, the trace hash and the expectations that were not met
     */
    public RunResult run() {
        List<Report> reports = new ArrayList<>();
        long trace = 0;
        for (int i = 0; i < scenario.repeat(); i++) {
            long seed = scenario.setup().seed() + i;
            Report report = new Report();
            try (SimNetwork network = createNetwork(seed)) {
                runWorkload(new WorkloadContext(network, scenario, report, progress));
                trace = network.traceHash();
            }
            reports.add(report);
        }
        Report mean = Report.mean(reports);
        List<Expectation> failed = scenario.expectations().stream()
                .filter(expected -> !expected.holds(mean.metrics().getOrDefault(expected.metric(), Double.NaN)))
                .toList();
        return new RunResult(scenario, mean, trace, codecs != null, failed);
    }

    /**
     * Runs the scenario with its first seed up to one of its measured lookups.
     *
     * @param lookup number of that lookup, from 1
     * @param lines receives the steps of that lookup
     */
    public void replay(int lookup, Consumer<String> lines) {
        ScenarioRun limited = new ScenarioRun(scenario.limitedTo(lookup), progress, codecs);
        try (SimNetwork network = limited.createNetwork(scenario.setup().seed())) {
            WorkloadContext context = new WorkloadContext(network, limited.scenario, new Report(), progress);
            context.trace(lookup, lines);
            runWorkload(context);
        }
    }

    /** Returns the network of the run at the start of the workload, with adversarial peers and faults. */
    SimNetwork createNetwork(long seed) {
        NetworkSetup setup = scenario.setup();
        progress.accept("%s: %d peers, %s tables, seed %d"
                .formatted(
                        scenario.name(),
                        setup.peers(),
                        setup.tables().name().toLowerCase(java.util.Locale.ROOT),
                        seed));
        SimNetwork network = SimNetwork.builder()
                .peers(setup.peers())
                .seed(seed)
                .tables(setup.tables())
                .clients(setup.clients())
                .conditions(setup.conditions())
                .config(setup.config())
                .dormant(setup.dormant())
                .codec(codecs)
                .build();
        for (int round = 0; round < setup.refreshes(); round++) {
            progress.accept("%s: refresh %d".formatted(scenario.name(), round + 1));
            network.refreshAll();
        }
        installAdversaries(network);
        scenario.faults().inject(network);
        return network;
    }

    private void installAdversaries(SimNetwork network) {
        Attack attack = scenario.attack();
        if (attack.kind() == Attack.Kind.NONE) {
            return;
        }
        RandomGenerator random = network.random();
        List<SimPeer> adversaries = new ArrayList<>();
        for (SimPeer peer : network.peers()) {
            if (!peer.isClient() && random.nextDouble() < attack.share()) {
                adversaries.add(peer);
            }
        }
        int k = scenario.setup().config().get(KademliaConfig.K);
        switch (attack.kind()) {
            case SILENT -> adversaries.forEach(peer -> peer.behavior(PeerBehavior.SILENT));
            case COLLUDING -> ColludingPeers.install(adversaries, k);
            case FABRICATING -> FabricatingPeers.install(network, adversaries, attack.supply(), attack.dead(), k);
            case NONE -> throw new IllegalStateException("attack kind must not be NONE");
        }
    }

    private static void runWorkload(WorkloadContext context) {
        switch (context.workload().kind()) {
            case CLOSEST_PEERS -> new ClosestPeersWorkload(context, false).run();
            case ROUNDS -> new ClosestPeersWorkload(context, true).run();
            case FIND_PEER -> new FindPeerWorkload(context).run();
            case CHURN -> new ChurnWorkload(context).run();
        }
    }
}
