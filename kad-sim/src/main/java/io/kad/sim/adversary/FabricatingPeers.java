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
 * Hostile peers that invent others, a little nearer to what is looked for with each answer, so that a lookup is to go on for ever.
 *
 * <p>What they invent comes from a supply of ids made beforehand, far more than the network has peers. Some of these are dead; the others
 * answer, and invent likewise.
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
            SimPeer phantom = SimPeer.fabricated(network.links(), -1 - i, FIRST_ADDRESS + i, new SimIdentity(random));
            boolean silent = random.nextDouble() < dead;
            phantom.behavior(silent ? SILENT : this);
            phantom.transport().pretendToServe();
            fabricated.put(phantom.id(), phantom);
        }
        this.space = new KeySpace(fabricated.keySet());
    }

    /**
     * Makes inventors of {@code peers}.
     *
     * @param supply how many peers they can invent, from 1
     * @param dead the share of these that never answer, 0 to 1
     * @param count how many peers each answer names
     */
    public static void install(SimNetwork network, Collection<SimPeer> peers, int supply, double dead, int count) {
        FabricatingPeers all = new FabricatingPeers(network, supply, dead, count);
        peers.forEach(peer -> peer.behavior(all));
        network.fabricatedPeers(peer -> Optional.ofNullable(all.fabricated.get(peer)));
    }

    /** Names those that are nearer than {@code self}, but only just; of the nearest there is, whoever is near. */
    @Override
    List<PeerInfo> closerPeers(SimPeer self, PeerId asker, KadKey target) {
        int nearer = space.rank(target, self.id().kadKey());
        int first = Math.max(0, nearer - count);
        int last = nearer == 0 ? Math.min(count, space.size()) : nearer;
        List<PeerInfo> named = new ArrayList<>(count);
        for (int rank = first; rank < last; rank++) {
            PeerId peer = space.atRank(target, rank);
            SimPeer phantom = fabricated.get(peer);
            if (phantom != null && !peer.equals(self.id())) {
                named.add(phantom.info());
            }
        }
        return named;
    }
}
