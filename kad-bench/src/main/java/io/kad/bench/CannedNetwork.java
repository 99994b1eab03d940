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

/** A thousand peers that answer at once with the closest of their tables, which were filled by peers in random order. */
final class CannedNetwork {

    static final int SIZE = 1000;
    private static final int K = 20;

    private final List<PeerInfo> peers = new ArrayList<>();
    private final Map<PeerId, RoutingSnapshot> tables = new HashMap<>();

    CannedNetwork(BenchmarkPeers drawn) {
        for (int i = 0; i < SIZE; i++) {
            peers.add(drawn.info());
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
            throw new IllegalArgumentException("no peer " + peer);
        }
        return table;
    }

    /** Returns what {@code asked} answers {@code asker}. */
    List<PeerInfo> closest(PeerId asked, PeerId asker, KadKey target) {
        return table(asked).closest(target, K, asker::equals);
    }
}
