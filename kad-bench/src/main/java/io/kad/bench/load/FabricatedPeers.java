package io.kad.bench.load;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.bench.cli.CommandException;
import io.kad.bench.cli.OptionChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Peers that do not exist, for the routing table of a server. Each implementation has room for all of them, js-libp2p for {@value #MAX_IN_JS}. */
public final class FabricatedPeers {

    /** Size of the buckets of every implementation. */
    private static final int BUCKET_SIZE = 20;

    /** Most peers that a table of js-libp2p has for certain: six full buckets, and one for the rest. */
    public static final int MAX_IN_JS = 7 * BUCKET_SIZE;

    /**
     * Most peers that a table can have: 13 full buckets, each of which needs twice as many random peers as the one before, and half of one more.
     */
    public static final int MAX = 270;

    private static final long TABLE = 0x7461_626c_65L;

    private FabricatedPeers() {}

    /**
     * Returns {@code count} peers for the table of {@code server}: its farthest buckets are full, and one more has the rest. The same arguments give
     * the same peers. Each has one address, at which this machine refuses connections at once.
     *
     * @throws CommandException if {@code count} is not in 0 to {@value #MAX}
     */
    public static List<PeerInfo> of(PeerId server, int count, long seed) {
        OptionChecks.require(count >= 0 && count <= MAX, "--table", "0 to " + MAX, count);
        Random random = new Random(seed ^ TABLE); // so that none of them is a target of a workload
        int last = (count - 1) / BUCKET_SIZE;
        int[] sizes = new int[last + 1];
        List<PeerInfo> peers = new ArrayList<>();
        while (peers.size() < count) {
            PeerId peer = Workload.randomPeer(random);
            int bucket = Math.min(last, server.kadKey().commonPrefixLength(peer.kadKey()));
            if (sizes[bucket] < BUCKET_SIZE) {
                sizes[bucket]++;
                peers.add(PeerInfo.of(peer, List.of(address(peers.size()))));
            }
        }
        return peers;
    }

    private static Multiaddr address(int number) {
        return Multiaddr.parse("/ip4/127.1." + number / 250 + "." + (number % 250 + 1) + "/tcp/9");
    }
}
