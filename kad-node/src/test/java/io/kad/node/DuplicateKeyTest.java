package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two running peers with one key, over real connections. */
@Timeout(240)
class DuplicateKeyTest {

    private static final Multiaddr ANY = Multiaddr.parse("/ip4/127.0.0.1/tcp/0");

    private final Identity identity = Ed25519Identity.generate(new SecureRandom());

    private Kademlia start(List<DhtEvent.DuplicateIdentity> found, Multiaddr... bootstrap) {
        Kademlia peer = Kademlia.builder()
                .identity(identity)
                .config(KademliaConfig.of("/test/kad/1.0.0"))
                .bootstrapPeers(bootstrap)
                .build();
        peer.onEvent(event -> {
            if (event instanceof DhtEvent.DuplicateIdentity duplicate) {
                found.add(duplicate);
            }
        });
        return peer;
    }

    @Test
    void eachNoticesTheOther() throws Exception {
        List<DhtEvent.DuplicateIdentity> foundByFirst = new CopyOnWriteArrayList<>();
        List<DhtEvent.DuplicateIdentity> foundBySecond = new CopyOnWriteArrayList<>();
        try (Kademlia first = start(foundByFirst)) {
            Multiaddr address = first.listen(ANY).get(60, TimeUnit.SECONDS).get(0);
            try (Kademlia second = start(foundBySecond, address.withPeerId(identity.peerId()))) {
                second.listen(ANY).get(60, TimeUnit.SECONDS);

                await().untilAsserted(() -> assertThat(foundBySecond)
                        .containsExactly(new DhtEvent.DuplicateIdentity(identity.peerId(), address)));
                await().untilAsserted(() -> assertThat(foundByFirst).hasSize(1));
            }
        }
    }

    @Test
    void aPeerThatIsItsOwnBootstrapPeerIsNoDuplicate() throws Exception {
        List<DhtEvent.DuplicateIdentity> found = new CopyOnWriteArrayList<>();
        try (Kademlia peer = start(found)) {
            Multiaddr address = peer.listen(ANY).get(60, TimeUnit.SECONDS).get(0);
            PeerInfo self = PeerInfo.of(identity.peerId(), List.of(address));
            assertThat(peer.connect(self, Duration.ofSeconds(20))).failsWithin(Duration.ofSeconds(60));
            await().during(Duration.ofSeconds(3)).until(found::isEmpty);
            assertThat(found).isEmpty();
        }
    }
}
