package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.RoutingTableView;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bootstrap peer that starts after those that join through it, over real connections. */
class LateBootstrapPeerTest {

    private final Identity late = Ed25519Identity.generate(new SecureRandom());

    private static Kademlia start(Identity identity) {
        return Kademlia.builder()
                .identity(identity)
                .config(KademliaConfig.builder().mode(Mode.SERVER).build())
                .build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itIsMetLongBeforeTheNextBootstrap(boolean whenBuilt) throws Exception {
        RefusingPort port = new RefusingPort();
        Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port.number());
        PeerInfo bootstrapPeer = PeerInfo.of(late.peerId(), List.of(address));
        CountDownLatch failedTwice = new CountDownLatch(2);
        var builder = Kademlia.builder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.builder().mode(Mode.SERVER).build());
        if (whenBuilt) {
            builder.bootstrapPeer(bootstrapPeer);
        }
        try (port;
                Kademlia early = builder.build()) {
            early.onEvent(event -> {
                if (event instanceof DhtEvent.TransportEventReceived received
                        && received.event() instanceof TransportEvent.DialFailed) {
                    failedTwice.countDown();
                }
            });
            if (!whenBuilt) {
                early.addBootstrapPeers(List.of(bootstrapPeer));
            }
            assertThat(failedTwice.await(60, TimeUnit.SECONDS)).isTrue();
            try (Kademlia server = start(late)) {
                port.release();
                server.listen(address).get(30, TimeUnit.SECONDS);
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> early.routingTable()
                                .find(late.peerId())
                                .filter(RoutingTableView.Entry::connected)
                                .isPresent());
            }
        }
    }
}
