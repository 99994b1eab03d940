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

/** Colluding peers: each responds with the other colluding peers that are closest to the target. */
public final class ColludingPeers extends AdversarialBehavior {

    private final int count;
    private final KeySpace space;
    private final Map<PeerId, PeerInfo> infos = new HashMap<>();

    private ColludingPeers(Collection<SimPeer> peers, int count) {
        this.count = count;
        this.space = new KeySpace(peers.stream().map(SimPeer::id).toList());
        peers.forEach(peer -> infos.put(peer.id(), peer.info()));
    }

    /**
     * Installs this behavior at {@code peers}.
     *
     * @param count number of closer peers in a response, from 1
     */
    public static void install(Collection<SimPeer> peers, int count) {
        ColludingPeers behavior = new ColludingPeers(peers, count);
        peers.forEach(peer -> peer.behavior(behavior));
    }

    @Override
    List<PeerInfo> closerPeers(SimPeer self, PeerId requester, KadKey target) {
        return space.closest(target, count, peer -> !peer.equals(self.id()) && !peer.equals(requester)).stream()
                .map(infos::get)
                .toList();
    }
}
