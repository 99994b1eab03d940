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

/** Workload of lookups of random keys, one after the other, each compared with the true closest peers. */
final class ClosestPeersWorkload {

    private static final int CURVE_POINTS = 200;

    private final WorkloadContext context;
    private final boolean rounds;
    private final int k;

    /**
     * Creates the workload.
     *
     * @param rounds whether to count the rounds until the first of the closest peers is queried
     */
    ClosestPeersWorkload(WorkloadContext context, boolean rounds) {
        this.context = context;
        this.rounds = rounds;
        this.k = context.scenario().setup().config().get(KademliaConfig.K);
    }

    void run() {
        warmUp();
        crashPeers();
        context.report().columns("requests", "round-trips", "recall", "closest-found", "rounds");
        long startNanos = System.nanoTime();
        long initialRequests = context.network().requests();
        Tally first = measure();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        first.report("");
        first.addCurve();
        double perSecond = (context.network().requests() - initialRequests) / seconds;
        for (int round = 1; round <= context.workload().refreshesAfter(); round++) {
            context.network().refreshAll();
            measure().report("-after-" + round);
        }
        context.report().metric("requests-per-second", perSecond);
        context.report()
                .metric(
                        "heap-kB-per-peer",
                        HeapUsage.usedBytes() / 1e3 / context.network().peers().size());
    }

    private void warmUp() {
        for (SimPeer searcher : context.searchers()) {
            for (int i = 0; i < context.workload().warmUp(); i++) {
                context.network().tryAwait(searcher.kademlia().getClosestPeers(context.randomKey(), k));
            }
        }
    }

    private void crashPeers() {
        SimNetwork network = context.network();
        List<SimPeer> all = network.running().stream().collect(Collectors.toList());
        long crashes = Math.round(all.size() * context.workload().crashShare());
        if (crashes > 0) {
            Set<SimPeer> spared = context.workload().searchers() > 0 ? new HashSet<>(context.searchers()) : Set.of();
            Collections.shuffle(all, new Random(context.random().nextLong()));
            all.stream().filter(peer -> !spared.contains(peer)).limit(crashes).forEach(network::crash);
        }
    }

    private Tally measure() {
        Tally tally = new Tally();
        List<SimPeer> searchers =
                context.searchers().stream().filter(SimPeer::isUp).toList();
        for (int i = 0; i < context.workload().lookups(); i++) {
            tally.lookUp(context.pick(searchers), context.randomKey());
            context.progress("lookup", i, context.workload().lookups());
        }
        return tally;
    }

    /** Metrics of a series of lookups. */
    private final class Tally {

        private final SampleStats requests = new SampleStats();
        private final SampleStats times = new SampleStats();
        private final SampleStats recalls = new SampleStats();
        private final SampleStats closest = new SampleStats();
        private final SampleStats firstRounds = new SampleStats();
        private int failures;

        void lookUp(SimPeer searcher, Bytes key) {
            Kademlia kademlia = searcher.kademlia();
            List<PeerId> truth = context.network().closest(key, k, searcher);
            Query<ClosestPeersResult> query = kademlia.getClosestPeers(key, k);
            context.lookupStarted(query, searcher, KadKey.hash(key));
            RoundCounter counter = new RoundCounter(truth, context);
            if (rounds) {
                query.onEvent(counter);
            }
            Optional<ClosestPeersResult> result = context.network().tryAwait(query);
            if (result.isEmpty()) {
                failures++;
                return;
            }
            List<PeerId> found = result.get().peers().stream().map(PeerInfo::id).toList();
            Set<PeerId> foundSet = new HashSet<>(found);
            double recall = truth.stream().filter(foundSet::contains).count() / (double) truth.size();
            double first = foundSet.contains(truth.get(0)) ? 1 : 0;
            double time = context.roundTrips(result.get().stats().elapsed());
            requests.add(result.get().stats().requests());
            times.add(time);
            recalls.add(recall);
            closest.add(first);
            double round = rounds ? counter.round(isAmong(searcher, key, truth)) : 0;
            firstRounds.add(round);
            context.report().row(result.get().stats().requests(), time, recall, first, round);
        }

        private boolean isAmong(SimPeer searcher, Bytes key, List<PeerId> truth) {
            KadKey target = KadKey.hash(key);
            return target.compareDistance(
                            searcher.id().kadKey(), truth.get(truth.size() - 1).kadKey())
                    < 0;
        }

        void report(String suffix) {
            Report report = context.report();
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

        void addCurve() {
            context.report().axes("round trips", "share of lookups that have ended");
            for (int i = 1; i <= CURVE_POINTS; i++) {
                double share = i / (double) CURVE_POINTS;
                context.report().point(times.quantile(share), share);
            }
        }
    }
}
