package io.kad.sim.scenario;

import io.kad.api.Query;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Quoting;
import io.kad.sim.SimNetwork;
import io.kad.sim.network.PeerBehavior;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Network, random choices, report and progress of a workload. Not thread-safe. */
final class WorkloadContext {

    private static final int KEY_BYTES = 32;
    private static final int NO_LOOKUP = -1;
    /** Interval between lines of progress. */
    private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();

    private final SimNetwork network;
    private final Scenario scenario;
    private final Report report;
    private final Consumer<String> progress;
    private final RandomGenerator random;
    private final List<SimPeer> searchers;
    private long progressNanos = System.nanoTime();
    private int tracedLookup = NO_LOOKUP;
    private Consumer<String> trace = line -> {};
    private int lookups;

    WorkloadContext(SimNetwork network, Scenario scenario, Report report, Consumer<String> progress) {
        this.network = network;
        this.scenario = scenario;
        this.report = report;
        this.progress = progress;
        this.random = network.random();
        List<SimPeer> honest = new ArrayList<>(honest());
        int count = scenario.workload().searchers();
        if (count > 0) {
            Collections.shuffle(honest, new Random(random.nextLong()));
        }
        this.searchers = List.copyOf(count > 0 ? honest.subList(0, Math.min(count, honest.size())) : honest);
    }

    /** Writes the steps of one of the measured lookups, counted from 1, to {@code lines}. */
    void trace(int lookup, Consumer<String> lines) {
        tracedLookup = lookup;
        trace = lines;
    }

    /** Called when a measured lookup starts. */
    void lookupStarted(Query<?> query, SimPeer searcher, KadKey target) {
        if (++lookups == tracedLookup) {
            trace.accept("lookup %d: %s looks for %s".formatted(lookups, searcher, target));
            query.onEvent(new LookupTrace(network, target, trace));
        }
    }

    SimNetwork network() {
        return network;
    }

    Scenario scenario() {
        return scenario;
    }

    Workload workload() {
        return scenario.workload();
    }

    Report report() {
        return report;
    }

    RandomGenerator random() {
        return random;
    }

    /** Returns the peers that start lookups. */
    List<SimPeer> searchers() {
        return searchers;
    }

    /** Returns the running servers with honest behavior. */
    List<SimPeer> honest() {
        return network.running().stream()
                .filter(peer -> !peer.isClient() && peer.behavior() == PeerBehavior.HONEST)
                .toList();
    }

    /** Returns a random peer of {@code from}; fails if there is none. */
    SimPeer pick(List<SimPeer> from) {
        if (from.isEmpty()) {
            throw problem("no running honest server is left to look up anything");
        }
        return from.get(random.nextInt(from.size()));
    }

    /** Returns the refusal of a run that leaves its workload too few peers. */
    ScenarioException problem(String problem) {
        return new ScenarioException("run " + Quoting.text(scenario.name()) + ": " + problem
                + "; give more peers, or lower the shares of clients, of attack and of crashes");
    }

    Bytes randomKey() {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return Bytes.of(key);
    }

    /** Converts a duration to median round trips. */
    double roundTrips(Duration duration) {
        return (double) duration.toNanos() / scenario.setup().rtt().toNanos();
    }

    /** Writes a line of progress, unless the last one is more recent than the interval. */
    void progress(String label, long done, long total) {
        long now = System.nanoTime();
        if (now - progressNanos > PROGRESS_NANOS) {
            progressNanos = now;
            progress.accept("%s: %s %d of %d".formatted(scenario.name(), label, done, total));
        }
    }
}
