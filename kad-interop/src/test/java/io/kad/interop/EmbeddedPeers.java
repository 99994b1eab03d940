package io.kad.interop;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** Kad peers inside this process: as real on the network as the others, and lighter by a virtual machine each. */
final class EmbeddedPeers implements AutoCloseable {

    private final List<Kademlia> peers = new ArrayList<>();

    /** Starts {@code count} peers that listen on the loopback interface. */
    EmbeddedPeers(int count) {
        try {
            for (int index = 0; index < count; index++) {
                Kademlia peer = Kademlia.builder()
                        .identity(Ed25519Identity.generate(new SecureRandom()))
                        .config(KademliaConfig.of(Peers.PROTOCOL))
                        .build();
                peers.add(peer);
                peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).join();
            }
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    List<String> peerIds() {
        return peers.stream().map(peer -> peer.peerId().toString()).toList();
    }

    /** Returns where each peer listens, with its id at the end. */
    List<String> addresses() {
        return peers.stream()
                .map(peer -> peer.addresses().get(0).withPeerId(peer.peerId()).toString())
                .toList();
    }

    @Override
    public void close() {
        peers.forEach(Kademlia::close);
    }
}
