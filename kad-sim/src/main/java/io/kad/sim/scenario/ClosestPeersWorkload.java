package io.kad.sim.scenario;

import io.kad.api.KademliaConfig;
import io.kad.sim.SimNetwork;
import io.kad.sim.network.SimPeer;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** Workload of lookups of random keys, one after the other, each compared with the true closest peers. */
final class ClosestPeersWorkload {

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
        crashPeers(context.workload().deadShare());
        warmUp();
        crashPeers(context.workload().crashShare());
        context.report().columns("requests", "round-trips", "recall", "closest-found", "rounds");
        long startNanos = System.nanoTime();
        long startCpuNanos = cpuNanos();
        long initialRequests = context.network().requests();
        LookupTally first = measure();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        double cpuSeconds = (cpuNanos() - startCpuNanos) / 1e9;
        first.report("");
        first.addCurve();
        long requests = context.network().requests() - initialRequests;
        for (int round = 1; round <= context.workload().refreshesAfter(); round++) {
            context.network().refreshAll();
            measure().report("-after-" + round);
        }
        context.report().metric("requests-per-second", requests / seconds);
        context.report().metric("requests-per-cpu-second", requests / cpuSeconds);
        List<SimPeer> peers = context.network().peers();
        context.report().metric("heap-kB-per-peer", HeapUsage.usedBytes() / 1e3 / peers.size());
        context.report().metric("awake", peers.stream().filter(SimPeer::isAwake).count() / (double) peers.size());
    }

    /** Returns the CPU time that this thread has used; that of the garbage collector is not part of it. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void warmUp() {
        for (SimPeer searcher : runningSearchers()) {
            for (int i = 0; i < context.workload().warmUp(); i++) {
                context.network().tryAwait(searcher.kademlia().getClosestPeers(context.randomKey(), k));
                pause();
            }
        }
    }

    private List<SimPeer> runningSearchers() {
        return context.searchers().stream().filter(SimPeer::isUp).toList();
    }

    private void pause() {
        if (!context.workload().pause().isZero()) {
            context.network().advance(context.workload().pause());
        }
    }

    private void crashPeers(double share) {
        SimNetwork network = context.network();
        List<SimPeer> all = network.running().stream().collect(Collectors.toList());
        long crashes = Math.round(all.size() * share);
        if (crashes > 0) {
            Set<SimPeer> spared = context.workload().searchers() > 0 ? new HashSet<>(context.searchers()) : Set.of();
            Collections.shuffle(all, new Random(context.random().nextLong()));
            all.stream().filter(peer -> !spared.contains(peer)).limit(crashes).forEach(network::crash);
        }
    }

    private LookupTally measure() {
        LookupTally tally = new LookupTally(context, rounds);
        List<SimPeer> searchers = runningSearchers();
        int each = context.workload().lookupsEach();
        for (int i = 0; i < context.workload().lookups(); i++) {
            SimPeer searcher = each > 0 && !searchers.isEmpty()
                    ? searchers.get(i / each % searchers.size())
                    : context.pick(searchers);
            tally.lookUp(searcher, context.randomKey());
            pause();
            context.progress("lookup", i, context.workload().lookups());
        }
        return tally;
    }
}
