package io.kad.sim.adversary;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.sim.SimNetwork;
import io.kad.sim.network.KeySpace;
import io.kad.sim.network.SimIdentity;
import io.kad.sim.network.SimPeer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Fabricating peers: each responds with fabricated peers that are slightly closer to the target, so that a lookup never converges.
 *
 * <p>Fabricated peers come from a supply of IDs, larger than the network. A share of them never responds; the others fabricate too.
 */
public final class FabricatingPeers extends AdversarialBehavior {

    private static final int FIRST_ADDRESS = 1_000_000_000;

    private final int count;
    private final KeySpace space;
    private final Map<PeerId, SimPeer> fabricated = new HashMap<>();

    private FabricatingPeers(SimNetwork network, int supply, double dead, int count) {
        this.count = count;
        RandomGenerator random = network.random();
        for (int i = 0; i < supply; i++) {
            SimPeer peer = SimPeer.fabricated(network.links(), -1 - i, FIRST_ADDRESS + i, new SimIdentity(random));
            boolean silent = random.nextDouble() < dead;
            peer.behavior(silent ? SILENT : this);
            peer.transport().serve(true);
            fabricated.put(peer.id(), peer);
        }
        this.space = new KeySpace(fabricated.keySet());
    }

    /**
     * Installs this behavior at {@code peers}.
     *
     * @param supply number of fabricated peers, from 1
     * @param dead probability that a fabricated peer never responds, 0 to 1
     * @param count number of closer peers in a response, from 1
     */
    public static void install(SimNetwork network, Collection<SimPeer> peers, int supply, double dead, int count) {
        FabricatingPeers behavior = new FabricatingPeers(network, supply, dead, count);
        peers.forEach(peer -> peer.behavior(behavior));
        network.fabricatedPeers(peer -> Optional.ofNullable(behavior.fabricated.get(peer)));
    }

    /** Returns the fabricated peers of the ranks just below that of {@code self}; for rank 0, the closest ones. */
    @Override
    List<PeerInfo> closerPeers(SimPeer self, PeerId requester, KadKey target) {
        int selfRank = space.rank(target, self.id().kadKey());
        int first = Math.max(0, selfRank - count);
        int end = selfRank == 0 ? Math.min(count, space.size()) : selfRank;
        List<PeerInfo> closer = new ArrayList<>(count);
        for (int rank = first; rank < end; rank++) {
            SimPeer peer = fabricated.get(space.atRank(target, rank));
            if (peer != null && !peer.id().equals(self.id())) {
                closer.add(peer.info());
            }
        }
        return closer;
    }
}
