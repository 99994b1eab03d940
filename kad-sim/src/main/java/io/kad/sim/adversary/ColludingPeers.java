package io.kad.sim.adversary;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.sim.network.KeySpace;
import io.kad.sim.network.SimPeer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Hostile peers that answer only with each other: those of them that are nearest to what is looked for. */
public final class ColludingPeers extends AdversarialBehavior {

    private final int count;
    private final KeySpace space;
    private final Map<PeerId, PeerInfo> infos = new HashMap<>();

    private ColludingPeers(Collection<SimPeer> peers, int count) {
        this.count = count;
        this.space = new KeySpace(peers.stream().map(SimPeer::id).toList());
        peers.forEach(peer -> infos.put(peer.id(), peer.info()));
    }

    /** Makes accomplices of {@code peers}, each of which names {@code count} others in an answer. */
    public static void install(Collection<SimPeer> peers, int count) {
        ColludingPeers all = new ColludingPeers(peers, count);
        peers.forEach(peer -> peer.behavior(all));
    }

    @Override
    List<PeerInfo> closerPeers(SimPeer self, PeerId asker, KadKey target) {
        return space.closest(target, count, peer -> !peer.equals(self.id()) && !peer.equals(asker)).stream()
                .map(infos::get)
                .toList();
    }
}
