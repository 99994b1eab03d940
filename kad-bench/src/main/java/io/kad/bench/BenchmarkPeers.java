package io.kad.bench;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.core.routing.RoutingTable;
import java.util.List;
import java.util.Random;

/** Generator of random peers and keys; the same seed gives the same ones in each run. Not thread-safe. */
final class BenchmarkPeers {

    /** Buckets that random peers fill soon: each needs twice as many of them as the one before. */
    private static final int MAX_FULL_BUCKETS = 16;

    private static final List<Multiaddr> ADDRESSES = List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001"));

    private final Random random;

    BenchmarkPeers(long seed) {
        this.random = new Random(seed);
    }

    PeerId peer() {
        byte[] digest = new byte[32];
        random.nextBytes(digest);
        return PeerId.fromBytes(new Multihash(Multihash.SHA2_256, Bytes.of(digest)).bytes());
    }

    KadKey key() {
        return KadKey.of(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    KadKey[] keys(int count) {
        KadKey[] keys = new KadKey[count];
        for (int i = 0; i < count; i++) {
            keys[i] = key();
        }
        return keys;
    }

    PeerInfo info() {
        return PeerInfo.of(peer(), ADDRESSES);
    }

    /** Returns a routing table with that many random peers in buckets of 20, inserted one after the other. */
    RoutingTable table(int entries) {
        return table(entries, 20);
    }

    /**
     * Returns a routing table with that many random peers.
     *
     * @throws IllegalArgumentException if so many peers would need more full buckets than random peers ever fill
     */
    RoutingTable table(int entries, int bucketSize) {
        if (entries > MAX_FULL_BUCKETS * bucketSize + bucketSize) {
            throw new IllegalArgumentException("a table of " + entries + " random peers needs buckets of more than "
                    + bucketSize + ": one more full bucket takes twice as many peers");
        }
        RoutingTable table = new RoutingTable(peer(), bucketSize, 1, 16);
        while (table.size() < entries) {
            table.insert(0, peer(), ADDRESSES, true);
        }
        return table;
    }
}
