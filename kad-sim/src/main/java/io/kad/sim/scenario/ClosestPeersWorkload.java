package io.kad.sim.scenario;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Query;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.ClosestPeersResult;
import io.kad.sim.SimNetwork;
import io.kad.sim.network.SimPeer;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks random keys up, one after the other, and compares what is found with the truth. */
final class ClosestPeersWorkload {

    private static final int CURVE_POINTS = 200;

    private final WorkloadContext stage;
    private final boolean rounds;
    private final int k;

    /**
     * Prepares the work.
     *
     * @param rounds whether the rounds until the first of the closest peers are counted
     */
    ClosestPeersWorkload(WorkloadContext stage, boolean rounds) {
        this.stage = stage;
        this.rounds = rounds;
        this.k = stage.scenario().setting().config().get(KademliaConfig.K);
    }

    void run() {
        warmUp();
        kill();
        stage.report().columns("requests", "round-trips", "recall", "closest-found", "rounds");
        long beganNanos = System.nanoTime();
        long before = stage.network().requests();
        Tally first = measure();
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        first.report("");
        first.draw();
        double perSecond = (stage.network().requests() - before) / seconds;
        for (int round = 1; round <= stage.work().repairs(); round++) {
            stage.network().refreshAll();
            measure().report("-after-" + round);
        }
        stage.report().metric("requests-per-second", perSecond);
        stage.report()
                .metric(
                        "heap-kB-per-peer",
                        HeapUsage.usedBytes() / 1e3 / stage.network().peers().size());
    }

    private void warmUp() {
        for (SimPeer searcher : stage.searchers()) {
            for (int i = 0; i < stage.work().warmUp(); i++) {
                stage.network().outcome(searcher.kademlia().getClosestPeers(stage.randomKey(), k));
            }
        }
    }

    private void kill() {
        SimNetwork network = stage.network();
        List<SimPeer> all = network.running().stream().collect(Collectors.toList());
        long dying = Math.round(all.size() * stage.work().dying());
        if (dying > 0) {
            Set<SimPeer> spared = stage.work().searchers() > 0 ? new HashSet<>(stage.searchers()) : Set.of();
            Collections.shuffle(all, new Random(stage.random().nextLong()));
            all.stream().filter(peer -> !spared.contains(peer)).limit(dying).forEach(network::crash);
        }
    }

    private Tally measure() {
        Tally tally = new Tally();
        List<SimPeer> searchers =
                stage.searchers().stream().filter(SimPeer::isUp).toList();
        for (int i = 0; i < stage.work().lookups(); i++) {
            tally.take(stage.pick(searchers), stage.randomKey());
            stage.progress("lookup", i, stage.work().lookups());
        }
        return tally;
    }

    /** The figures of a series of lookups. */
    private final class Tally {

        private final SampleStats requests = new SampleStats();
        private final SampleStats times = new SampleStats();
        private final SampleStats recalls = new SampleStats();
        private final SampleStats closest = new SampleStats();
        private final SampleStats firstRounds = new SampleStats();
        private int failures;

        void take(SimPeer searcher, Bytes key) {
            Kademlia kademlia = searcher.kademlia();
            List<PeerId> truth = stage.network().closest(key, k, searcher);
            Query<ClosestPeersResult> query = kademlia.getClosestPeers(key, k);
            stage.began(query, searcher, KadKey.hash(key));
            RoundCounter counter = new RoundCounter(truth, stage);
            if (rounds) {
                query.onEvent(counter);
            }
            Optional<ClosestPeersResult> outcome = stage.network().outcome(query);
            if (outcome.isEmpty()) {
                failures++;
                return;
            }
            List<PeerId> found =
                    outcome.get().peers().stream().map(PeerInfo::id).toList();
            Set<PeerId> foundSet = new HashSet<>(found);
            double recall = truth.stream().filter(foundSet::contains).count() / (double) truth.size();
            double first = foundSet.contains(truth.get(0)) ? 1 : 0;
            double time = stage.roundTrips(outcome.get().stats().elapsed());
            requests.add(outcome.get().stats().requests());
            times.add(time);
            recalls.add(recall);
            closest.add(first);
            double round = rounds ? counter.round(isAmong(searcher, key, truth)) : 0;
            firstRounds.add(round);
            stage.report().row(outcome.get().stats().requests(), time, recall, first, round);
        }

        private boolean isAmong(SimPeer searcher, Bytes key, List<PeerId> truth) {
            KadKey target = KadKey.hash(key);
            return target.compareDistance(
                            searcher.id().kadKey(), truth.get(truth.size() - 1).kadKey())
                    < 0;
        }

        void report(String suffix) {
            Report report = stage.report();
            report.metric("requests" + suffix, requests.mean());
            report.metric("requests-p95" + suffix, requests.quantile(0.95));
            report.metric("round-trips" + suffix, times.mean());
            report.metric("round-trips-p95" + suffix, times.quantile(0.95));
            report.metric("recall" + suffix, recalls.mean());
            report.metric("closest-found" + suffix, closest.mean());
            report.metric("failures" + suffix, failures);
            if (rounds) {
                report.metric("rounds" + suffix, firstRounds.mean());
            }
        }

        void draw() {
            stage.report().axes("round trips", "share of lookups that have ended");
            for (int i = 1; i <= CURVE_POINTS; i++) {
                double share = i / (double) CURVE_POINTS;
                stage.report().point(times.quantile(share), share);
            }
        }
    }
}
