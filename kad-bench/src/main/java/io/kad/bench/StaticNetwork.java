package io.kad.bench;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.core.routing.RoutingSnapshot;
import io.kad.core.routing.RoutingTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Network of 1,000 peers whose responses are read from routing tables that never change. Each table was filled with all other peers in
 * random order.
 */
final class StaticNetwork {

    static final int SIZE = 1000;
    private static final int K = 20;

    private final List<PeerInfo> peers = new ArrayList<>();
    private final Map<PeerId, RoutingSnapshot> tables = new HashMap<>();

    StaticNetwork(BenchmarkPeers generator) {
        for (int i = 0; i < SIZE; i++) {
            peers.add(generator.info());
        }
        for (PeerInfo self : peers) {
            RoutingTable table = new RoutingTable(self.id(), K, 1, 16);
            for (PeerInfo other : peers) {
                if (!other.id().equals(self.id())) {
                    table.insert(0, other.id(), other.addresses(), true);
                }
            }
            tables.put(self.id(), table.snapshot());
        }
    }

    /** Returns the peers. */
    List<PeerInfo> peers() {
        return peers;
    }

    RoutingSnapshot table(PeerId peer) {
        RoutingSnapshot table = tables.get(peer);
        if (table == null) {
            throw new IllegalArgumentException("unknown peer " + peer);
        }
        return table;
    }

    /** Returns the closer peers in the response of {@code responder} to {@code requester}. */
    List<PeerInfo> closest(PeerId responder, PeerId requester, KadKey target) {
        return table(responder).closestExcept(target, K, requester::equals);
    }
}
