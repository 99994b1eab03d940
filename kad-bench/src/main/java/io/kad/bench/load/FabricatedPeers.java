package io.kad.bench.load;

import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Peers that do not exist, for the routing table of a server. Each implementation has room for all of them. */
public final class FabricatedPeers {

    /** Size of the buckets of every implementation. */
    private static final int BUCKET_SIZE = 20;

    /** Most peers that a table can have: 13 full buckets, each of which needs twice as many random peers as the one before, and half of one more. */
    static final int MAX = 270;

    private FabricatedPeers() {}

    /**
     * Returns {@code count} peers for the table of {@code server}: the buckets that are farthest from it are full, in the order of random peers. The
     * same arguments give the same peers. Each has one address, of the network that is for documentation.
     *
     * @throws LoadException if {@code count} is not in 0 to 270
     */
    public static List<PeerInfo> of(PeerId server, int count, long seed) {
        if (count < 0 || count > MAX) {
            throw new LoadException("invalid --table " + count + ": expected 0 to " + MAX
                    + ", as one more full bucket takes twice as many random peers");
        }
        Random random = new Random(seed);
        KadKey self = server.kadKey();
        int[] sizes = new int[257];
        List<PeerInfo> peers = new ArrayList<>();
        while (peers.size() < count) {
            PeerId peer = Workload.randomPeer(random);
            int common = self.commonPrefixLength(peer.kadKey());
            if (sizes[common] < BUCKET_SIZE) {
                sizes[common]++;
                peers.add(PeerInfo.of(peer, List.of(address(peers.size()))));
            }
        }
        return peers;
    }

    private static Multiaddr address(int number) {
        return Multiaddr.parse("/ip4/198.51.100." + (number % 250 + 1) + "/tcp/" + (4001 + number / 250));
    }
}
