package io.kad.sim.scenario;

import io.kad.api.Query;
import io.kad.api.result.FindPeerResult;
import io.kad.sim.network.SimPeer;
import java.util.List;

/** Workload of lookups of running honest peers by their IDs, one after the other. */
final class FindPeerWorkload {

    private final WorkloadContext context;

    FindPeerWorkload(WorkloadContext context) {
        this.context = context;
    }

    void run() {
        SampleStats found = new SampleStats();
        SampleStats requests = new SampleStats();
        SampleStats times = new SampleStats();
        List<SimPeer> honest = context.honest();
        if (honest.size() < 2) {
            throw context.problem("find-peer needs at least 2 honest servers, got " + honest.size());
        }
        context.report().columns("found", "requests", "round-trips");
        for (int i = 0; i < context.workload().lookups(); i++) {
            SimPeer searcher = context.pick(context.searchers());
            SimPeer target = pickOther(honest, searcher);
            Query<FindPeerResult> query = searcher.kademlia().findPeer(target.id());
            context.lookupStarted(query, searcher, target.id().kadKey());
            boolean success = context.network()
                    .tryAwait(query)
                    .filter(result -> result.peer().addresses().contains(target.address()))
                    .isPresent();
            found.add(success ? 1 : 0);
            requests.add(query.stats().requests());
            times.add(context.roundTrips(query.stats().elapsed()));
            context.report()
                    .row(
                            success ? 1 : 0,
                            query.stats().requests(),
                            context.roundTrips(query.stats().elapsed()));
            context.progress("search", i, context.workload().lookups());
        }
        Report report = context.report();
        report.metric("found", found.mean());
        report.metric("requests", requests.mean());
        report.metric("requests-max", requests.max());
        report.metric("round-trips", times.mean());
        report.metric("round-trips-max", times.max());
        report.axes("requests", "share of searches that have ended");
        for (int i = 1; i <= 100; i++) {
            report.point(requests.quantile(i / 100.0), i / 100.0);
        }
    }

    private SimPeer pickOther(List<SimPeer> from, SimPeer than) {
        SimPeer picked = context.pick(from);
        return picked == than ? pickOther(from, than) : picked;
    }
}
