package io.kad.node.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryStats;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.ClosestPeersResult;
import io.kad.api.result.FindPeerResult;
import io.kad.api.result.GetProvidersResult;
import io.kad.api.result.GetRecordResult;
import io.kad.api.result.PutResult;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import io.kad.node.output.TextFormatter;
import io.kad.node.task.HopTrace;
import io.kad.node.task.TaskContext;
import io.kad.node.task.TaskFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Script of the demo: one of each operation, hop by hop, and then many lookups to measure. */
final class DemoScript {

    private static final int MEASURED_LOOKUPS = 300;
    private static final long SEED = 7;

    private final DemoNetwork network;
    private final Output output;
    private final TaskContext context;
    private final Random random = new Random(SEED);
    private final List<String> failures = new ArrayList<>();
    private int operations;

    DemoScript(DemoNetwork network, Output output, TaskContext context) {
        this.network = network;
        this.output = output;
        this.context = context;
    }

    /** Runs everything, and writes and returns the summary, whose {@code ok} says whether every result was right. */
    ObjectNode run() throws TaskFailure {
        storeAndRead();
        announceAndFind();
        findPeer();
        findClosest();
        output.printText("measuring " + MEASURED_LOOKUPS + " lookups, one after another");
        ObjectNode summary = summary(measure());
        output.write(summary);
        return summary;
    }

    private void storeAndRead() throws TaskFailure {
        RecordKey key = RecordKey.utf8("/demo/greeting");
        Bytes value = Bytes.utf8("hello, DHT");
        Kademlia writer = network.peer(1);
        output.printText("\nput /demo/greeting on " + writer.peerId());
        PutResult stored = HopTrace.await(context, writer.putRecord(Record.of(key, value), Quorum.majority()));
        check(
                "put",
                !stored.storedBy().isEmpty(),
                "stored at " + TextFormatter.peers(stored.storedBy().size()));
        Optional<Kademlia> without = peerWithout(stored, writer);
        Kademlia reader = without.orElse(network.peer(network.size() - 1));
        output.printText("\nget /demo/greeting on " + reader.peerId()
                + without.map(peer -> ", which does not hold it").orElse(""));
        GetRecordResult found = HopTrace.await(context, reader.getRecord(key, Quorum.one()));
        if (without.isEmpty()) {
            output.printText("  no hop: each of the " + network.size() + " peers stores the record, as they are no more"
                    + " than the " + k(reader) + " closest ones and the writer");
        }
        check(
                "get",
                found.record().value().equals(value),
                "'" + found.record().value().utf8().orElse("") + "' from "
                        + found.from().map(PeerId::toString).orElse("the local store"));
    }

    /** Returns a peer that does not hold what was stored, so that it has to ask for it; empty if all hold it. */
    private Optional<Kademlia> peerWithout(PutResult stored, Kademlia writer) {
        return network.peers().stream()
                .filter(peer -> peer != writer
                        && !stored.storedBy().contains(peer.peerId())
                        && !stored.alsoStoredBy().contains(peer.peerId()))
                .findFirst();
    }

    private void announceAndFind() throws TaskFailure {
        RecordKey key = RecordKey.of(Multihash.sha256(Bytes.utf8("a file of the demo")));
        Kademlia provider = network.peer(2);
        Kademlia seeker = network.peer(network.size() / 2);
        output.printText("\nprovide content on " + provider.peerId());
        PutResult announced = HopTrace.await(context, provider.startProviding(key));
        check(
                "provide",
                !announced.storedBy().isEmpty(),
                "announced to " + TextFormatter.peers(announced.storedBy().size()));
        output.printText("\nfind providers of that content on " + seeker.peerId());
        GetProvidersResult found = HopTrace.await(context, seeker.getProviders(key, 0));
        boolean right =
                found.providers().size() == 1 && found.providers().get(0).id().equals(provider.peerId());
        check("find-providers", right, TextFormatter.peers(found.providers().size()));
    }

    private void findPeer() throws TaskFailure {
        PeerInfo target = network.info(network.size() - 1);
        Kademlia seeker = network.peer(1);
        network.remove(seeker, target.id(), context);
        output.printText("\nfind peer " + target.id() + " on " + seeker.peerId() + ", which has forgotten its address");
        FindPeerResult found = HopTrace.await(context, seeker.findPeer(target.id()));
        boolean right = found.peer().id().equals(target.id())
                && found.peer().addresses().containsAll(target.addresses());
        check("find-peer", right, "at " + found.peer().addresses());
    }

    private void findClosest() throws TaskFailure {
        Bytes key = Bytes.utf8("/demo/anywhere");
        Kademlia seeker = network.peer(0);
        output.printText("\nclosest peers to /demo/anywhere on " + seeker.peerId());
        ClosestPeersResult found = HopTrace.await(context, seeker.getClosestPeers(key, k(seeker)));
        check(
                "closest-peers",
                isExact(seeker, key, found),
                TextFormatter.peers(found.peers().size()) + ", compared with all peers of the network");
    }

    /** Returns whether a lookup found exactly the closest peers of the whole network. */
    private boolean isExact(Kademlia seeker, Bytes key, ClosestPeersResult found) {
        KadKey target = KadKey.hash(key);
        List<PeerId> expected = network.peers().stream()
                .map(Kademlia::peerId)
                .filter(peer -> !peer.equals(seeker.peerId()))
                .sorted(Comparator.comparing(peer -> target.distance(peer.kadKey())))
                .limit(k(seeker))
                .toList();
        return found.peers().stream().map(PeerInfo::id).toList().equals(expected);
    }

    private static int k(Kademlia peer) {
        return peer.config().get(KademliaConfig.K);
    }

    private List<QueryStats> measure() throws TaskFailure {
        List<QueryStats> lookups = new ArrayList<>();
        for (int index = 0; index < MEASURED_LOOKUPS; index++) {
            Kademlia seeker = network.peer(random.nextInt(network.size()));
            byte[] content = new byte[32];
            random.nextBytes(content);
            Bytes key = Bytes.of(content);
            ClosestPeersResult found = context.await(seeker.getClosestPeers(key, k(seeker)));
            operations++;
            if (!isExact(seeker, key, found)) {
                failures.add("lookup " + index);
            }
            lookups.add(found.stats());
        }
        return lookups;
    }

    private void check(String operation, boolean right, String text) {
        operations++;
        if (!right) {
            failures.add(operation);
        }
        output.write(
                OutputLine.line("answer")
                        .put("operation", operation)
                        .put("right", right)
                        .put("what", text),
                "  " + (right ? "right" : "WRONG") + ": " + text);
    }

    private ObjectNode summary(List<QueryStats> lookups) {
        double[] millis = lookups.stream()
                .mapToDouble(stats -> stats.elapsed().toNanos() / 1e6)
                .sorted()
                .toArray();
        double requests =
                lookups.stream().mapToInt(QueryStats::requests).average().orElse(0);
        double hops = lookups.stream().mapToInt(QueryStats::hops).average().orElse(0);
        double joinSeconds = network.joinTime().toNanos() / 1e9;
        ObjectNode summary = OutputLine.line("summary")
                .put("ok", failures.isEmpty())
                .put("nodes", network.size())
                .put("operations", operations)
                .put("wrong", failures.size())
                .put("hopsPerLookup", round(hops))
                .put("requestsPerLookup", round(requests))
                .put("lookupMedianMillis", round(millis[millis.length / 2]))
                .put("lookupP99Millis", round(millis[Math.min(millis.length - 1, millis.length * 99 / 100)]))
                .put("joinSeconds", round(joinSeconds))
                .put("handshakesPerSecond", round(network.handshakes() / joinSeconds))
                .put("memoryPerPeerBytes", network.memoryPerPeer());
        if (!failures.isEmpty()) {
            summary.put("wrongOnes", Arrays.toString(failures.toArray()));
        }
        return summary;
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
