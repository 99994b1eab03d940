package io.kad.sim.scenario;

import io.kad.api.Query;
import io.kad.api.result.FindPeerResult;
import io.kad.sim.network.SimPeer;
import java.util.List;

/** Searches for honest peers that are there, one after the other. */
final class FindPeerWorkload {

    private final WorkloadContext stage;

    FindPeerWorkload(WorkloadContext stage) {
        this.stage = stage;
    }

    void run() {
        SampleStats found = new SampleStats();
        SampleStats requests = new SampleStats();
        SampleStats times = new SampleStats();
        List<SimPeer> honest = stage.honest();
        stage.report().columns("found", "requests", "round-trips");
        for (int i = 0; i < stage.work().lookups(); i++) {
            SimPeer searcher = stage.pick(stage.searchers());
            SimPeer wanted = another(honest, searcher);
            Query<FindPeerResult> query = searcher.kademlia().findPeer(wanted.id());
            stage.began(query, searcher, wanted.id().kadKey());
            boolean success = stage.network()
                    .outcome(query)
                    .filter(answer -> answer.peer().addresses().contains(wanted.address()))
                    .isPresent();
            found.add(success ? 1 : 0);
            requests.add(query.stats().requests());
            times.add(stage.roundTrips(query.stats().elapsed()));
            stage.report()
                    .row(
                            success ? 1 : 0,
                            query.stats().requests(),
                            stage.roundTrips(query.stats().elapsed()));
            stage.progress("search", i, stage.work().lookups());
        }
        Report report = stage.report();
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

    private SimPeer another(List<SimPeer> from, SimPeer than) {
        SimPeer picked = stage.pick(from);
        return picked == than ? another(from, than) : picked;
    }
}
