package io.kad.interop;

import io.kad.api.KademliaConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Kad peers inside this process; as an extension, those of one test. */
final class EmbeddedPeers implements AutoCloseable, AfterEachCallback {

    private final List<EmbeddedPeer> peers = new ArrayList<>();

    /** Has no peers yet. */
    EmbeddedPeers() {}

    /** Starts {@code count} peers. */
    EmbeddedPeers(int count) {
        try {
            for (int index = 0; index < count; index++) {
                start(KademliaConfig.of(Peers.PROTOCOL), Duration.ZERO);
            }
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /** Starts one more peer, whose wall clock is ahead of that of this machine. */
    EmbeddedPeer start(KademliaConfig config, Duration clockOffset) {
        EmbeddedPeer peer = new EmbeddedPeer(config, clockOffset);
        peers.add(peer);
        return peer;
    }

    /** Connects each peer to one other, and bootstraps it. */
    void joinAll(String address) {
        peers.forEach(peer -> peer.join(address));
        peers.forEach(EmbeddedPeer::bootstrap);
    }

    /** Makes one network of these peers: connects each but the first to the first, and bootstraps all. */
    void joinFirst() {
        List<EmbeddedPeer> later = peers.subList(1, peers.size());
        later.forEach(peer -> peer.join(peers.get(0).address()));
        peers.forEach(EmbeddedPeer::bootstrap);
    }

    List<String> peerIds() {
        return peers.stream().map(peer -> peer.peerId().toString()).toList();
    }

    /** Returns where each peer listens, with its id at the end. */
    List<String> addresses() {
        return peers.stream().map(EmbeddedPeer::address).toList();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        peers.forEach(EmbeddedPeer::close);
        peers.clear();
    }
}
