package io.kad.sim.scenario;

import io.kad.api.KademliaConfig;
import io.kad.api.Query;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.ClosestPeersResult;
import io.kad.sim.network.SimPeer;
import io.kad.sim.network.TrafficListener;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Metrics of a series of lookups of the closest peers, each compared with the true closest running servers. */
final class LookupTally {

    private static final int CURVE_POINTS = 200;

    private final WorkloadContext context;
    private final boolean rounds;
    private final int k;
    private final LateResponses lateResponses = new LateResponses();
    private final SampleStats requests = new SampleStats();
    private final SampleStats durations = new SampleStats();
    private final SampleStats convergedDurations = new SampleStats();
    private final SampleStats recalls = new SampleStats();
    private final SampleStats exact = new SampleStats();
    private final SampleStats closest = new SampleStats();
    private final SampleStats firstRounds = new SampleStats();
    private int failures;

    /**
     * Creates the metrics of lookups that follow.
     *
     * @param rounds whether to count the rounds until the first of the closest peers is queried
     */
    LookupTally(WorkloadContext context, boolean rounds) {
        this.context = context;
        this.rounds = rounds;
        this.k = context.scenario().setup().config().get(KademliaConfig.K);
        context.network().addTrafficListener(lateResponses);
    }

    /** Looks up {@code key}. A lookup that fails counts as one that found no peers. */
    void lookUp(SimPeer searcher, Bytes key) {
        List<PeerId> truth = context.network().closest(key, k, searcher);
        if (truth.isEmpty()) {
            throw context.problem("no running server but the searcher is left");
        }
        lateResponses.lookupStarted(key);
        Query<ClosestPeersResult> query = searcher.kademlia().getClosestPeers(key, k);
        context.lookupStarted(query, searcher, KadKey.hash(key));
        RoundCounter counter = new RoundCounter(truth, context);
        if (rounds) {
            query.onEvent(counter);
        }
        Duration started = context.network().elapsed();
        query.onEvent(event -> {
            if (event instanceof QueryEvent.Converged) {
                convergedDurations.add(
                        context.network().elapsed().minus(started).toNanos() / 1e6);
            }
        });
        Optional<ClosestPeersResult> result = context.network().tryAwait(query);
        lateResponses.lookupEnded();
        Set<PeerId> found = new HashSet<>();
        result.ifPresent(
                closestPeers -> closestPeers.peers().stream().map(PeerInfo::id).forEach(found::add));
        double recall = truth.stream().filter(found::contains).count() / (double) truth.size();
        double first = found.contains(truth.get(0)) ? 1 : 0;
        recalls.add(recall);
        exact.add(recall == 1 ? 1 : 0);
        closest.add(first);
        if (result.isEmpty()) {
            failures++;
            return;
        }
        int sent = result.get().stats().requests();
        Duration duration = result.get().stats().elapsed();
        double round = rounds ? counter.round(isAmong(searcher, key, truth)) : 0;
        requests.add(sent);
        durations.add(duration.toNanos() / 1e6);
        firstRounds.add(round);
        context.report().row(sent, context.roundTrips(duration), recall, first, round);
    }

    private static boolean isAmong(SimPeer searcher, Bytes key, List<PeerId> truth) {
        KadKey target = KadKey.hash(key);
        return target.compareDistance(
                        searcher.id().kadKey(), truth.get(truth.size() - 1).kadKey())
                < 0;
    }

    /** Adds the metrics to the report, with {@code suffix} at the end of their names. */
    void report(String suffix) {
        Report report = context.report();
        report.metric("requests" + suffix, requests.mean());
        report.metric("requests-p95" + suffix, requests.quantile(0.95));
        report.metric("round-trips" + suffix, roundTrips(durations.mean()));
        report.metric("round-trips-p95" + suffix, roundTrips(durations.quantile(0.95)));
        report.metric("round-trips-p99" + suffix, roundTrips(durations.quantile(0.99)));
        report.metric("converged-round-trips" + suffix, roundTrips(convergedDurations.mean()));
        report.metric("converged-round-trips-p95" + suffix, roundTrips(convergedDurations.quantile(0.95)));
        report.metric("duration-ms" + suffix, durations.mean());
        report.metric("duration-ms-p95" + suffix, durations.quantile(0.95));
        report.metric("duration-ms-p99" + suffix, durations.quantile(0.99));
        report.metric("recall" + suffix, recalls.mean());
        report.metric("exact" + suffix, exact.mean());
        report.metric("closest-found" + suffix, closest.mean());
        report.metric("failures" + suffix, failures);
        lateResponses.report(report, suffix);
        if (rounds) {
            report.metric("rounds" + suffix, firstRounds.mean());
        }
    }

    private double roundTrips(double millis) {
        return millis * 1e6 / context.scenario().setup().rtt().toNanos();
    }

    /** Adds the distribution of durations to the report. */
    void addCurve() {
        context.report().axes("round trips", "share of lookups that have ended");
        for (int i = 1; i <= CURVE_POINTS; i++) {
            double share = i / (double) CURVE_POINTS;
            context.report().point(roundTrips(durations.quantile(share)), share);
        }
    }

    /** Census of the responses to the requests of lookups, by whether they are of use: those in time, after a timeout, after the end. */
    private static final class LateResponses implements TrafficListener {

        private final Set<Bytes> targets = new HashSet<>();
        private @Nullable Bytes running;
        private int responses;
        private int afterTimeout;
        private int afterEnd;

        /** Called when a lookup starts; lookups run one after the other, each with a target of its own. */
        void lookupStarted(Bytes target) {
            targets.add(target);
            running = target;
        }

        void lookupEnded() {
            running = null;
        }

        @Override
        public void responseReceived(SimPeer from, SimPeer to, KadRequest request, Timing timing) {
            if (request instanceof KadRequest.FindNode find && targets.contains(find.target())) {
                responses++;
                if (!Objects.equals(running, find.target())) {
                    afterEnd++;
                } else if (timing != Timing.IN_TIME) {
                    afterTimeout++;
                }
            }
        }

        void report(Report report, String suffix) {
            report.metric("late-responses" + suffix, share(afterEnd + afterTimeout));
            report.metric("responses-after-end" + suffix, share(afterEnd));
            report.metric("responses-after-timeout" + suffix, share(afterTimeout));
        }

        private double share(int count) {
            return responses == 0 ? 0 : count / (double) responses;
        }
    }
}
