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
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/**
 * Lets peers come and go, one for the other, while those that publish stay, and looks for what they have published.
 *
 * <p>Each record is looked for once, since a search stores what it finds where it was missing. As many are looked for each half hour as
 * the time is to take. Peers crash; the one that comes in place of each is new, and joins through any other.
 */
final class ChurnWorkload {

    private static final Duration BETWEEN_PROBES = Duration.ofMinutes(30);
    private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(30);
    private static final int PUBLISHERS = 20;
    private static final int AT_ONCE = 40;

    private final WorkloadContext stage;
    private final SimNetwork network;
    private final Set<SimPeer> staying = new HashSet<>();
    private int joined;

    ChurnWorkload(WorkloadContext stage) {
        this.stage = stage;
        this.network = stage.network();
    }

    void run() {
        List<SimPeer> running = new ArrayList<>(stage.honest());
        Collections.shuffle(running, new Random(stage.random().nextLong()));
        List<SimPeer> publishers = running.subList(0, Math.min(PUBLISHERS, running.size()));
        staying.addAll(publishers);
        List<RecordKey> records = publish(publishers);
        List<RecordKey> contents = provide(publishers);
        for (SimPeer peer : running.subList(publishers.size(), running.size())) {
            leaveAfter(peer, stage.work().sessions().residual(stage.random()));
        }
        long requestsBefore = network.requests();
        Duration began = network.elapsed();
        probe(records, contents);
        double hours = (network.elapsed().toNanos() - began.toNanos()) / 3.6e12;
        stage.report().metric("joined", joined);
        stage.report()
                .metric("requests-per-peer-and-hour", (network.requests() - requestsBefore) / hours / running.size());
    }

    private List<RecordKey> publish(List<SimPeer> publishers) {
        return each("publish record", i -> {
            RecordKey key = RecordKey.utf8("/sim/" + network.seed() + "/" + i);
            Record record = Record.of(key, Bytes.utf8("value " + i));
            return new Published(
                    key, kademlia(publishers, i).putRecord(record, Quorum.one()).result());
        });
    }

    private List<RecordKey> provide(List<SimPeer> publishers) {
        return each("announce provider", i -> {
            RecordKey key = RecordKey.of(Multihash.sha256(Bytes.utf8("content " + network.seed() + " " + i)));
            return new Published(
                    key, kademlia(publishers, i).startProviding(key).result());
        });
    }

    private static Kademlia kademlia(List<SimPeer> publishers, int number) {
        return publishers.get(number % publishers.size()).kademlia();
    }

    private record Published(RecordKey key, CompletableFuture<?> done) {}

    /** Publishes as often as there are to be records, a few at a time. */
    private List<RecordKey> each(String what, IntFunction<Published> publication) {
        List<RecordKey> keys = new ArrayList<>();
        Deque<CompletableFuture<?>> underWay = new ArrayDeque<>();
        for (int i = 0; i < stage.work().lookups(); i++) {
            Published published = publication.apply(i);
            keys.add(published.key());
            underWay.add(published.done().handle((result, failure) -> failure == null));
            while (underWay.size() >= AT_ONCE) {
                network.await(underWay.remove());
            }
            stage.progress(what, i, stage.work().lookups());
        }
        underWay.forEach(network::await);
        return keys;
    }

    private void leaveAfter(SimPeer peer, Duration session) {
        network.after(session, () -> {
            network.crash(peer);
            SimPeer newcomer = network.start();
            leaveAfter(newcomer, stage.work().sessions().session(stage.random()));
            join(newcomer);
        });
    }

    private void join(SimPeer newcomer) {
        List<SimPeer> others = network.running().stream()
                .filter(peer -> peer != newcomer && !peer.isClient())
                .toList();
        if (!newcomer.isUp() || others.isEmpty()) {
            return;
        }
        var unused = network.join(newcomer, stage.pick(others)).whenComplete((done, failure) -> {
            if (failure == null) {
                joined++;
            } else {
                network.after(BEFORE_NEXT_TRY, () -> join(newcomer));
            }
        });
    }

    private void probe(List<RecordKey> records, List<RecordKey> contents) {
        int probes = (int) Math.max(1, stage.work().time().dividedBy(BETWEEN_PROBES));
        int each = Math.max(1, records.size() / probes);
        Report report = stage.report();
        report.columns("hours", "records-found", "providers-found");
        report.axes("hours", "share of records found");
        SampleStats recordShares = new SampleStats();
        SampleStats providerShares = new SampleStats();
        Duration began = network.elapsed();
        for (int probe = 1; probe <= probes; probe++) {
            network.advance(began.plus(BETWEEN_PROBES.multipliedBy(probe)).minus(network.elapsed()));
            int from = Math.min(records.size() - each, (probe - 1) * each);
            double recordShare = found(records.subList(from, from + each), true);
            double providerShare = found(contents.subList(from, from + each), false);
            double hours = probe * BETWEEN_PROBES.toMinutes() / 60.0;
            report.row(hours, recordShare, providerShare);
            report.point(hours, recordShare);
            recordShares.add(recordShare);
            providerShares.add(providerShare);
            stage.progress("probe", probe, probes);
        }
        report.metric("records-found", recordShares.mean());
        report.metric("records-found-min", recordShares.min());
        report.metric("providers-found", providerShares.mean());
        report.metric("providers-found-min", providerShares.min());
    }

    private double found(List<RecordKey> keys, boolean records) {
        int found = 0;
        for (RecordKey key : keys) {
            SimPeer seeker = seeker();
            found += (records ? isRecordFound(seeker, key) : isProviderFound(seeker, key)) ? 1 : 0;
        }
        return found / (double) keys.size();
    }

    private boolean isRecordFound(SimPeer seeker, RecordKey key) {
        Query<GetRecordResult> query = seeker.kademlia().getRecord(key, Quorum.one());
        stage.began(query, seeker, key.kadKey());
        return network.outcome(query).isPresent();
    }

    private boolean isProviderFound(SimPeer seeker, RecordKey key) {
        Query<GetProvidersResult> query = seeker.kademlia().getProviders(key, 1);
        stage.began(query, seeker, key.kadKey());
        return network.outcome(query)
                .filter(answer -> !answer.providers().isEmpty())
                .isPresent();
    }

    /** Returns a running peer other than the publishers, that knows somebody. */
    private SimPeer seeker() {
        List<SimPeer> settled = network.running().stream()
                .filter(peer -> !staying.contains(peer)
                        && !peer.kademlia().routingTable().entries().isEmpty())
                .toList();
        return stage.pick(settled);
    }
}
