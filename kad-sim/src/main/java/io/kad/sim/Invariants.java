package io.kad.sim;

import io.kad.api.KademliaConfig;
import io.kad.api.RoutingTableView;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.store.StoreException;
import io.kad.sim.network.SimPeer;
import io.kad.sim.network.TrafficListener;
import io.kad.store.memory.MemoryStoreLimits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must be so in every network, whatever happens to it. */
public final class Invariants {

    /** More requests than any peer of a small network has under way. */
    private static final int MAX_REQUESTS = 2048;

    private Invariants() {}

    /** Every entry of a table is in the bucket of its distance, once; no bucket holds more than it may, nor the peer itself. */
    public static Invariant tableStructure() {
        return new ChangedTable((network, peer) -> structureViolation(peer));
    }

    /** Looks at a table only if it is another than the last time. */
    private static final class ChangedTable implements Invariant {

        private final Invariant rule;
        private final Map<SimPeer, RoutingTableView> seen = new HashMap<>();

        ChangedTable(Invariant rule) {
            this.rule = rule;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // comparing content takes longer than the rule
        public Optional<String> violation(SimNetwork network, SimPeer peer) {
            RoutingTableView table = peer.kademlia().routingTable();
            return seen.put(peer, table) == table ? Optional.empty() : rule.violation(network, peer);
        }
    }

    private static Optional<String> structureViolation(SimPeer peer) {
        int bucketSize = peer.kademlia().config().get(KademliaConfig.BUCKET_SIZE);
        Set<PeerId> seen = new HashSet<>();
        Map<Integer, Integer> sizes = new HashMap<>();
        for (RoutingTableView.Entry entry : peer.kademlia().routingTable().entries()) {
            PeerId id = entry.peer();
            if (id.equals(peer.id())) {
                return Optional.of("routing table contains the local peer");
            }
            if (!seen.add(id)) {
                return Optional.of("routing table contains " + id + " twice");
            }
            if (entry.bucket() != peer.id().kadKey().distance(id.kadKey()).log2()) {
                return Optional.of(id + " is in the wrong bucket, " + entry.bucket());
            }
            if (sizes.merge(entry.bucket(), 1, Integer::sum) > bucketSize) {
                return Optional.of("bucket " + entry.bucket() + " has more than " + bucketSize + " entries");
            }
            if (entry.addresses().isEmpty()) {
                return Optional.of("routing table contains " + id + " without an address");
            }
        }
        return Optional.empty();
    }

    /** No client is in a table. */
    public static Invariant noClientInTables() {
        return new ChangedTable((network, peer) -> peer.kademlia().routingTable().entries().stream()
                .flatMap(entry -> network.find(entry.peer()).stream())
                .filter(SimPeer::isClient)
                .findFirst()
                .map(client -> "routing table contains " + client + ", a client"));
    }

    /** Connections, requests and queries under way don't pile up. */
    public static Invariant bounded() {
        return (network, peer) -> {
            KademliaConfig config = peer.kademlia().config();
            int connections = peer.transport().connectionTable().size();
            int requests = peer.transport().pendingOperations();
            int queries = peer.kademlia().queries().size();
            boolean many = connections > config.get(KademliaConfig.MAX_CONNECTIONS)
                    || requests > MAX_REQUESTS
                    || queries > config.get(KademliaConfig.MAX_QUERIES);
            return many
                    ? Optional.of(connections + " connections, " + requests + " requests and " + queries
                            + " queries exceed the limits")
                    : Optional.empty();
        };
    }

    /** Stores hold no more than they may. */
    public static Invariant storesWithin(MemoryStoreLimits limits) {
        long records = (long) limits.records().foreign().maxKeys()
                + limits.records().own().maxKeys();
        long keys = (long) limits.providers().foreign().maxKeys()
                + limits.providers().own().maxKeys();
        long providers = keys * (limits.providers().maxPerKey() + 1L);
        return (network, peer) -> {
            try {
                long heldRecords = peer.kademlia().recordStore().size();
                long heldProviders = peer.kademlia().providerStore().size();
                return heldRecords > records || heldProviders > providers
                        ? Optional.of(heldRecords + " records and " + heldProviders + " providers exceed the limits")
                        : Optional.empty();
            } catch (StoreException failed) {
                return Optional.of("store failed: " + failed);
            }
        };
    }

    /** Returns a watcher that lets no honest peer name itself, who asks, or more peers than allowed. */
    public static TrafficListener validResponses(SimNetwork network, int k) {
        return new TrafficListener() {
            @Override
            public void responseSent(SimPeer from, SimPeer to, KadRequest request, KadResponse response) {
                if (!from.behavior().isAdversarial()) {
                    responseViolation(from, to, closerPeers(response), k).ifPresent(problem -> {
                        throw network.violation("response of " + from + " to " + to + ": " + problem);
                    });
                }
            }
        };
    }

    private static Optional<String> responseViolation(SimPeer from, SimPeer to, List<PeerInfo> closer, int k) {
        // Whoever is looked for by id is named besides the k closest
        if (closer.size() > k + 1) {
            return Optional.of(closer.size() + " closer peers exceed the limit of " + k + " (k)");
        }
        Set<PeerId> named = new HashSet<>();
        for (PeerInfo peer : closer) {
            if (peer.id().equals(from.id()) || peer.id().equals(to.id())) {
                return Optional.of("closer peers contain the " + (peer.id().equals(to.id()) ? "requester" : "sender"));
            }
            if (!named.add(peer.id())) {
                return Optional.of("closer peers contain " + peer.id() + " twice");
            }
        }
        return Optional.empty();
    }

    private static List<PeerInfo> closerPeers(KadResponse response) {
        if (response instanceof KadResponse.FindNode found) {
            return found.closerPeers();
        } else if (response instanceof KadResponse.GetValue value) {
            return value.closerPeers();
        } else if (response instanceof KadResponse.GetProviders providers) {
            return providers.closerPeers();
        }
        return List.of();
    }
}
