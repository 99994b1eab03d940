package io.kad.sim.scenario;

import io.kad.api.Kademlia;
import io.kad.api.Query;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multihash;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.GetProvidersResult;
import io.kad.api.result.GetRecordResult;
import io.kad.sim.SimNetwork;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/**
 * Workload of a network with churn: peers crash and new ones join, and published records and providers are looked up.
 *
 * <p>The publishers keep running, or leave as all others do. A publisher that leaves never comes back, so nobody but the holders of its
 * records keeps them; a newcomer takes up the contents that it provided, as somebody who has fetched them does, and each content has several
 * providers. A provider counts as found if it is running.
 *
 * <p>Each record is looked up once, as a lookup caches the record at peers that lack it. The lookups are spread evenly over half-hour
 * probes. Each crashed peer is replaced by a new one, which joins through a random server.
 */
final class ChurnWorkload {

    private static final Duration PROBE_INTERVAL = Duration.ofMinutes(30);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(30);
    private static final int PUBLISHER_COUNT = 20;
    private static final int PARALLELISM = 40;
    /** Providers of each content if publishers leave. */
    private static final int PROVIDERS_EACH = 3;

    private final WorkloadContext context;
    private final SimNetwork network;
    private final Set<SimPeer> publisherSet = new HashSet<>();
    private final Map<SimPeer, List<RecordKey>> provided = new HashMap<>();
    private int joined;
    private int publishersLeft;

    ChurnWorkload(WorkloadContext context) {
        this.context = context;
        this.network = context.network();
    }

    void run() {
        List<SimPeer> running = new ArrayList<>(context.honest());
        int publisherCount = Math.min(PUBLISHER_COUNT, running.size());
        int peers = network.running().size();
        if (publisherCount == 0 || peers <= publisherCount) {
            throw context.problem("churn needs peers besides its publishers, which are up to " + PUBLISHER_COUNT
                    + " honest servers, got " + peers);
        }
        Collections.shuffle(running, new Random(context.random().nextLong()));
        List<SimPeer> publishers = running.subList(0, publisherCount);
        publisherSet.addAll(publishers);
        List<RecordKey> records = publish(publishers);
        List<RecordKey> contents = provide(publishers);
        boolean leaving = context.workload().publishersLeave();
        for (SimPeer peer : leaving ? running : running.subList(publishers.size(), running.size())) {
            scheduleCrash(peer, context.workload().sessions().residual(context.random()));
        }
        long initialRequests = network.requests();
        Duration start = network.elapsed();
        probe(records, contents);
        double hours = (network.elapsed().toNanos() - start.toNanos()) / 3.6e12;
        context.report().metric("joined", joined);
        if (leaving) {
            context.report().metric("publishers-left", publishersLeft);
        }
        context.report()
                .metric("requests-per-peer-and-hour", (network.requests() - initialRequests) / hours / running.size());
    }

    private List<RecordKey> publish(List<SimPeer> publishers) {
        return publishAll("publish record", i -> {
            RecordKey key = RecordKey.utf8("/sim/" + network.seed() + "/" + i);
            Record record = Record.of(key, Bytes.utf8("value " + i));
            return new Published(
                    key, kademlia(publishers, i).putRecord(record, Quorum.one()).result());
        });
    }

    private List<RecordKey> provide(List<SimPeer> publishers) {
        int each = context.workload().publishersLeave() ? PROVIDERS_EACH : 1;
        return publishAll("announce provider", i -> {
            RecordKey key = RecordKey.of(Multihash.sha256(Bytes.utf8("content " + network.seed() + " " + i)));
            List<CompletableFuture<?>> announced = new ArrayList<>();
            for (int provider = i; provider < i + each; provider++) {
                SimPeer peer = publishers.get(provider % publishers.size());
                provided.computeIfAbsent(peer, contents -> new ArrayList<>()).add(key);
                announced.add(peer.kademlia().startProviding(key).result());
            }
            return new Published(key, CompletableFuture.allOf(announced.toArray(CompletableFuture[]::new)));
        });
    }

    private static Kademlia kademlia(List<SimPeer> publishers, int number) {
        return publishers.get(number % publishers.size()).kademlia();
    }

    private record Published(RecordKey key, CompletableFuture<?> done) {}

    /** Runs the publications of all records, a few at a time, and returns the keys. */
    private List<RecordKey> publishAll(String label, IntFunction<Published> publication) {
        List<RecordKey> keys = new ArrayList<>();
        Deque<CompletableFuture<?>> pending = new ArrayDeque<>();
        for (int i = 0; i < context.workload().lookups(); i++) {
            Published published = publication.apply(i);
            keys.add(published.key());
            pending.add(published.done().handle((result, failure) -> failure == null));
            while (pending.size() >= PARALLELISM) {
                network.await(pending.remove());
            }
            context.progress(label, i, context.workload().lookups());
        }
        pending.forEach(network::await);
        return keys;
    }

    private void scheduleCrash(SimPeer peer, Duration session) {
        network.schedule(session, () -> {
            network.crash(peer);
            SimPeer newcomer = network.start();
            scheduleCrash(newcomer, context.workload().sessions().session(context.random()));
            if (publisherSet.remove(peer)) {
                publishersLeft++;
            }
            List<RecordKey> contents = provided.remove(peer);
            if (contents != null) {
                provided.put(newcomer, contents);
            }
            join(newcomer);
        });
    }

    private void join(SimPeer newcomer) {
        List<SimPeer> others = network.otherServers(newcomer);
        if (!newcomer.isUp() || others.isEmpty()) {
            return;
        }
        var unused = network.join(newcomer, context.pick(others)).whenComplete((done, failure) -> {
            if (failure == null) {
                joined++;
                takeUpContents(newcomer);
            } else {
                network.schedule(RETRY_DELAY, () -> join(newcomer));
            }
        });
    }

    /** Provides what the peer provided that {@code newcomer} has replaced. */
    private void takeUpContents(SimPeer newcomer) {
        for (RecordKey key : provided.getOrDefault(newcomer, List.of())) {
            var unused = newcomer.kademlia().startProviding(key);
        }
    }

    /** Returns the number of probes of a workload, from 1. */
    static int probes(Workload workload) {
        return (int) Math.max(1, workload.time().dividedBy(PROBE_INTERVAL));
    }

    /** Returns the number of records that each probe looks up, and of providers, from 1. */
    static int perProbe(Workload workload) {
        return Math.max(1, workload.lookups() / probes(workload));
    }

    private void probe(List<RecordKey> records, List<RecordKey> contents) {
        int probes = probes(context.workload());
        int perProbe = perProbe(context.workload());
        Report report = context.report();
        report.columns("hours", "records-found", "providers-found");
        report.axes("hours", "share of records found");
        SampleStats recordShares = new SampleStats();
        SampleStats providerShares = new SampleStats();
        Duration start = network.elapsed();
        for (int probe = 1; probe <= probes; probe++) {
            network.advance(start.plus(PROBE_INTERVAL.multipliedBy(probe)).minus(network.elapsed()));
            int from = Math.min(records.size() - perProbe, (probe - 1) * perProbe);
            double recordShare = found(records.subList(from, from + perProbe), true);
            double providerShare = found(contents.subList(from, from + perProbe), false);
            double hours = probe * PROBE_INTERVAL.toMinutes() / 60.0;
            report.row(hours, recordShare, providerShare);
            report.point(hours, recordShare);
            recordShares.add(recordShare);
            providerShares.add(providerShare);
            context.progress("probe", probe, probes);
        }
        report.metric("records-found", recordShares.mean());
        report.metric("records-found-min", recordShares.min());
        report.metric("providers-found", providerShares.mean());
        report.metric("providers-found-min", providerShares.min());
    }

    private double found(List<RecordKey> keys, boolean records) {
        int found = 0;
        for (RecordKey key : keys) {
            SimPeer searcher = pickSearcher();
            found += (records ? isRecordFound(searcher, key) : isProviderFound(searcher, key)) ? 1 : 0;
        }
        return found / (double) keys.size();
    }

    private boolean isRecordFound(SimPeer searcher, RecordKey key) {
        Query<GetRecordResult> query = searcher.kademlia().getRecord(key, Quorum.one());
        context.lookupStarted(query, searcher, key.kadKey());
        return network.tryAwait(query).isPresent();
    }

    private boolean isProviderFound(SimPeer searcher, RecordKey key) {
        // Those that have left are told too, so one is not enough if publishers leave
        int wanted = context.workload().publishersLeave() ? 0 : 1;
        Query<GetProvidersResult> query = searcher.kademlia().getProviders(key, wanted);
        context.lookupStarted(query, searcher, key.kadKey());
        return network.tryAwait(query).stream()
                .flatMap(result -> result.providers().stream())
                .flatMap(provider -> network.find(provider.id()).stream())
                .anyMatch(SimPeer::isUp);
    }

    /** Returns a random running peer with a non-empty routing table that is neither a publisher nor a provider. */
    private SimPeer pickSearcher() {
        List<SimPeer> candidates = network.running().stream()
                .filter(peer -> !publisherSet.contains(peer)
                        && !provided.containsKey(peer)
                        && !peer.kademlia().routingTable().entries().isEmpty())
                .toList();
        return context.pick(candidates);
    }
}
