package io.kad.sim.network;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.transport.Transport;
import io.kad.tck.TransportTck;
import io.kad.tck.support.SilentPeer;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The rules of transports hold for the simulated one; virtual time runs with the real one. */
class SimTransportTckTest extends TransportTck {

    private static final NetworkConditions CONDITIONS =
            NetworkConditions.GOOD.withLatency(Latency.fixed(Duration.ofMillis(2)));

    private final VirtualTime time = new VirtualTime();
    private final SplittableRandom random = new SplittableRandom(7);
    private final SimLinks links = new SimLinks(time, 7, random.split(), KademliaConfig.of(PROTOCOL), CONDITIONS);
    private final RealTimeDriver driver = new RealTimeDriver(time);
    private int peers;

    @BeforeEach
    void startTime() {
        driver.start();
    }

    @AfterEach
    void stopTime() throws Exception {
        driver.stop();
    }

    @Override
    protected Identity createIdentity() {
        return driver.locked(() -> new SimIdentity(random));
    }

    @Override
    protected Transport createTransport(SpiContext context, Identity identity, KademliaConfig config) {
        return driver.locked(() ->
                new LockedTransport(driver, addPeer((SimIdentity) identity).transport()));
    }

    private SimPeer addPeer(SimIdentity identity) {
        SimPeer peer = new SimPeer(links, peers++, identity, false);
        links.add(peer);
        return peer;
    }

    /** Returns the address of a peer that has stopped. */
    @Override
    protected Multiaddr unreachableAddress() {
        return stopped(false).address();
    }

    private SimPeer stopped(boolean withHost) {
        return driver.locked(() -> {
            SimPeer peer = addPeer(new SimIdentity(random));
            peer.transport().close();
            peer.onStopped(withHost);
            return peer;
        });
    }

    @Override
    protected Multiaddr listenAddress() {
        return Multiaddr.parse("/memory/0");
    }

    /** Returns a peer whose host is gone; no dial of it arrives. */
    @Override
    protected SilentPeer createSilentPeer() {
        Multiaddr address = stopped(true).address();
        return new SilentPeer() {
            @Override
            public Multiaddr address() {
                return address;
            }

            @Override
            public int connections() {
                return 0;
            }

            @Override
            public void close() {}
        };
    }
}
