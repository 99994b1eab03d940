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

/** Invariants of every network, whatever faults occur. An instance serves one network, on its thread. */
public final class Invariants {

    /** Maximum number of pending operations of a peer; no peer of a small network comes near it. */
    static final int MAX_REQUESTS = 2048;

    private Invariants() {}

    /**
     * Returns the invariant of routing tables: each entry is in the bucket of its distance, once, with an address; no bucket exceeds its
     * size or contains the local peer.
     */
    public static Invariant tableStructure() {
        return new ChangedTable((network, peer) -> structureViolation(
                peer.id(),
                peer.kademlia().routingTable().entries(),
                peer.kademlia().config().get(KademliaConfig.BUCKET_SIZE)));
    }

    /** Invariant of routing tables that is evaluated only for a table that has changed. */
    private static final class ChangedTable implements Invariant {

        private final Invariant invariant;
        private final Map<SimPeer, RoutingTableView> lastTables = new HashMap<>();

        ChangedTable(Invariant invariant) {
            this.invariant = invariant;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // comparing content takes longer than the invariant
        public Optional<String> violation(SimNetwork network, SimPeer peer) {
            RoutingTableView table = peer.kademlia().routingTable();
            return lastTables.put(peer, table) == table ? Optional.empty() : invariant.violation(network, peer);
        }
    }

    /** Returns what is wrong with the routing table of the peer {@code self}; empty if nothing is. */
    static Optional<String> structureViolation(PeerId self, List<RoutingTableView.Entry> entries, int bucketSize) {
        Set<PeerId> seen = new HashSet<>();
        Map<Integer, Integer> sizes = new HashMap<>();
        for (RoutingTableView.Entry entry : entries) {
            PeerId id = entry.peer();
            if (id.equals(self)) {
                return Optional.of("routing table contains the local peer");
            }
            if (!seen.add(id)) {
                return Optional.of("routing table contains " + id + " twice");
            }
            if (entry.bucket() != self.kadKey().distance(id.kadKey()).log2()) {
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

    /** Returns the invariant that no routing table contains a client. */
    public static Invariant noClientInTables() {
        return new ChangedTable((network, peer) -> peer.kademlia().routingTable().entries().stream()
                .flatMap(entry -> network.find(entry.peer()).stream())
                .filter(SimPeer::isClient)
                .findFirst()
                .map(client -> "routing table contains " + client + ", a client"));
    }

    /** Returns the invariant that connections, pending operations and running queries stay within their limits. */
    public static Invariant bounded() {
        return (network, peer) -> boundViolation(
                peer.kademlia().config(),
                peer.transport().connectionTable().size(),
                peer.transport().pendingOperations(),
                peer.kademlia().queries().size());
    }

    /** Returns which numbers of a peer are above its limits; empty if none is. */
    static Optional<String> boundViolation(KademliaConfig config, int connections, int requests, int queries) {
        boolean exceeded = connections > config.get(KademliaConfig.MAX_CONNECTIONS)
                || requests > MAX_REQUESTS
                || queries > config.get(KademliaConfig.MAX_CONCURRENT_QUERIES);
        return exceeded
                ? Optional.of(connections + " connections, " + requests + " requests and " + queries
                        + " queries exceed the limits")
                : Optional.empty();
    }

    /** Returns the invariant that the stores of each peer stay within {@code limits}. */
    public static Invariant storesWithin(MemoryStoreLimits limits) {
        long records = (long) limits.records().remote().maxKeys()
                + limits.records().local().maxKeys();
        long keys = (long) limits.providers().remote().maxKeys()
                + limits.providers().local().maxKeys();
        long providers = keys * (limits.providers().maxPerKey() + 1L);
        return (network, peer) -> {
            try {
                long storedRecords = peer.kademlia().recordStore().size();
                long storedProviders = peer.kademlia().providerStore().size();
                return storedRecords > records || storedProviders > providers
                        ? Optional.of(
                                storedRecords + " records and " + storedProviders + " providers exceed the limits")
                        : Optional.empty();
            } catch (StoreException e) {
                return Optional.of("store failed: " + e);
            }
        };
    }

    /**
     * Returns a listener that throws {@link InvariantViolation} for an honest peer whose response contains itself, the requester, a peer
     * twice, or too many peers.
     *
     * @param k maximum number of closer peers
     */
    public static TrafficListener validResponses(SimNetwork network, int k) {
        return new TrafficListener() {
            @Override
            public void responseSent(SimPeer from, SimPeer to, KadRequest request, KadResponse response) {
                if (!from.behavior().isAdversarial()) {
                    responseViolation(from, to, closerPeers(response), k).ifPresent(violation -> {
                        throw network.violation("response of " + from + " to " + to + ": " + violation);
                    });
                }
            }
        };
    }

    private static Optional<String> responseViolation(SimPeer from, SimPeer to, List<PeerInfo> closer, int k) {
        // FIND_NODE for a peer ID returns that peer in addition to the k closest
        if (closer.size() > k + 1) {
            return Optional.of(closer.size() + " closer peers exceed the limit of " + k + " (k)");
        }
        Set<PeerId> seen = new HashSet<>();
        for (PeerInfo peer : closer) {
            if (peer.id().equals(from.id()) || peer.id().equals(to.id())) {
                return Optional.of("closer peers contain the " + (peer.id().equals(to.id()) ? "requester" : "sender"));
            }
            if (!seen.add(peer.id())) {
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
