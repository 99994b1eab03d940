package io.kad.core.routing;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Peers, places and addresses drawn from a seed. */
public final class RandomPeers {

    private final Random random;

    public RandomPeers(long seed) {
        this.random = new Random(seed);
    }

    /** Returns a peer that was not seen before. */
    public PeerId peer() {
        byte[] digest = new byte[32];
        random.nextBytes(digest);
        return PeerId.fromBytes(new Multihash(Multihash.SHA2_256, Bytes.of(digest)).bytes());
    }

    /** Returns that many distinct peers. */
    public List<PeerId> peers(int count) {
        List<PeerId> peers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            peers.add(peer());
        }
        return peers;
    }

    /** Returns that many distinct peers whose distance from {@code self} has the same highest bit; the fewer the farther. */
    public List<PeerId> peersInBucket(PeerId self, int bucket, int count) {
        List<PeerId> peers = new ArrayList<>(count);
        while (peers.size() < count) {
            PeerId peer = peer();
            if (self.kadKey().distance(peer.kadKey()).log2() == bucket) {
                peers.add(peer);
            }
        }
        return peers;
    }

    /** Returns a place. */
    public KadKey place() {
        return KadKey.of(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    public Random random() {
        return random;
    }

    /** Returns an address that differs from those of other numbers. */
    public static Multiaddr address(int number) {
        return Multiaddr.parse("/ip4/127.0." + number / 200 + "." + (number % 200 + 1) + "/tcp/4001");
    }

    /** Returns the peers in order of their distance to {@code target}, by the plainest means. */
    public static List<PeerId> sorted(List<PeerId> peers, KadKey target) {
        return peers.stream()
                .sorted(Comparator.comparing(peer -> target.distance(peer.kadKey())))
                .toList();
    }
}
