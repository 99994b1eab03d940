package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The peers that tests start. They are ended after each test, or after all of a class if registered in a static field; each
 * must have ended well and shown no sign of a defect.
 */
final class Peers implements BeforeAllCallback, AfterAllCallback, AfterEachCallback {

    static final String PROTOCOL = "/kadtest/kad/1.0.0";

    private static final String LOOPBACK = "/ip4/127.0.0.1/tcp/0";

    private final List<PeerProcess> started = new ArrayList<>();
    private boolean ofClass;

    /** Starts a kad peer on a free port of the loopback interface, with further options of its command. */
    KadPeer kad(String... options) {
        return kadAt(LOOPBACK, options);
    }

    /** Starts a kad peer with options of its configuration file. */
    KadPeer kadWith(Map<String, String> config, String... options) {
        return kadAt(LOOPBACK, config, options);
    }

    /** Starts a kad peer with the defaults of all options, without {@link Patience}. */
    KadPeer kadWithDefaults(String... options) {
        return add(KadPeer.startExactly(LOOPBACK, Map.of(), options));
    }

    KadPeer kadAt(String address, String... options) {
        return kadAt(address, Map.of(), options);
    }

    /** Starts a kad peer at an address, with options of its configuration file. */
    KadPeer kadAt(String address, Map<String, String> config, String... options) {
        return add(KadPeer.start(address, config, options));
    }

    LibraryPeer js(String... options) {
        return of(Implementation.JS, options);
    }

    LibraryPeer of(Implementation implementation, String... options) {
        return add(LibraryPeer.start(implementation, options));
    }

    private synchronized <T extends PeerProcess> T add(T peer) {
        started.add(peer);
        return peer;
    }

    /** Waits until each of these peers has all others in its routing table. */
    static void awaitEachKnowsAll(PeerProcess... peers) {
        for (PeerProcess peer : peers) {
            List<PeerProcess> others = new ArrayList<>(List.of(peers));
            others.remove(peer);
            peer.awaitKnows(others.toArray(PeerProcess[]::new));
        }
    }

    /** Connects each of these peers to all others, and waits until their routing tables are complete. */
    static void connectAll(PeerProcess... peers) {
        for (int from = 0; from < peers.length; from++) {
            for (int to = 0; to < from; to++) {
                peers[from].run("connect " + peers[to].address());
            }
        }
        awaitEachKnowsAll(peers);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ofClass = true;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!ofClass) {
            endAll();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        endAll();
    }

    /** Ends all peers, and checks that each has ended well. */
    synchronized void endAll() {
        List<PeerProcess> all = List.copyOf(started);
        started.clear();
        all.forEach(PeerProcess::endInput);
        all.forEach(PeerProcess::close);
        assertThat(all.stream().flatMap(peer -> peer.findings().stream())).isEmpty();
    }
}
