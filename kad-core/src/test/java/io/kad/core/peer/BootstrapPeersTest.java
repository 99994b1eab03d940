package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kad.api.Kademlia;
import io.kad.api.KademliaBuilder;
import io.kad.api.KademliaConfig;
import io.kad.api.RoutingTableView;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Transport;
import io.kad.core.engine.Peers;
import io.kad.core.runtime.RecordedLog;
import io.kad.core.runtime.RecordingTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BootstrapPeersTest {

    private static final String PROTOCOL = "/test/kad/1.0.0";
    private static final KademliaConfig CONFIG = KademliaConfig.builder()
            .protocol(PROTOCOL)
            .bootstrapThrottle(Duration.ofMillis(10))
            .requestTimeout(Duration.ofSeconds(3))
            .build();

    private final ExecutorService wires = Executors.newFixedThreadPool(2);
    private final MemoryNetwork network = new MemoryNetwork(wires, PROTOCOL);
    private final RecordingTransport transport = new RecordingTransport();
    private final List<Kademlia> open = new ArrayList<>();

    private KademliaBuilder builder(int number, Transport wire) {
        return Kademlia.builder()
                .identity(TestIdentity.of(number))
                .config(CONFIG)
                .transport(wire)
                .recordStore(new HeapRecordStore())
                .providerStore(new HeapProviderStore());
    }

    private KademliaBuilder builder() {
        return builder(0, transport);
    }

    private Kademlia build(KademliaBuilder builder) {
        Kademlia peer = builder.build();
        open.add(peer);
        return peer;
    }

    private Kademlia inNetwork(int number, Multiaddr... bootstrap) {
        return build(builder(number, network.transport(Peers.peer(number), Peers.address(number)))
                .bootstrapPeers(bootstrap));
    }

    private static Multiaddr fullAddress(int number) {
        return Peers.address(number).withPeerId(Peers.peer(number));
    }

    @AfterEach
    void close() {
        open.forEach(Kademlia::close);
        wires.shutdownNow();
    }

    @Test
    void theTransportKnowsWhichAddressesAreOfTheUserAndWhichPeersAreInTheRoutingTable() throws Exception {
        Kademlia peer = build(builder().bootstrapPeer(fullAddress(1)));
        assertThat(transport.trusted).contains(Peers.info(1));
        var unused = peer.connect(Peers.info(2), Duration.ofSeconds(5));
        peer.addAddress(Peers.peer(3), Peers.address(3)).get(30, TimeUnit.SECONDS);
        assertThat(transport.trusted).contains(Peers.info(2), Peers.info(3));
        assertThat(transport.handler.isProtected(Peers.peer(1))).isTrue();
        assertThat(transport.handler.isProtected(Peers.peer(3))).isTrue();
        assertThat(transport.handler.isProtected(Peers.peer(2))).isFalse();
        peer.removePeer(Peers.peer(3)).get(30, TimeUnit.SECONDS);
        assertThat(transport.handler.isProtected(Peers.peer(3))).isFalse();
    }

    @Test
    void theyAreInTheRoutingTableOnceThePeerIsBuiltAndAreConnectedTo() {
        Kademlia peer = build(builder()
                .bootstrapPeer(fullAddress(1))
                .bootstrapPeers(fullAddress(2), Peers.address(7).withPeerId(Peers.peer(1)))
                .bootstrapPeers(List.of(fullAddress(2)))
                .bootstrapPeer(Peers.info(3))
                .bootstrapPeer(PeerInfo.of(Peers.peer(4), List.of(fullAddress(4)))));

        List<PeerInfo> expected = List.of(
                PeerInfo.of(Peers.peer(1), List.of(Peers.address(1), Peers.address(7))),
                Peers.info(2),
                Peers.info(3),
                Peers.info(4));
        assertThat(peer.routingTable().entries())
                .hasSize(4)
                .noneMatch(RoutingTableView.Entry::connected)
                .extracting(entry -> PeerInfo.of(entry.peer(), entry.addresses()))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(transport.connects).extracting(connect -> connect.peer).isEqualTo(expected);
        assertThat(transport.connects).extracting(connect -> connect.message).containsOnly(Duration.ofSeconds(3));
    }

    @Test
    void thePeerItselfIsSkipped() {
        Kademlia peer = build(builder().bootstrapPeers(fullAddress(0), fullAddress(1)));

        assertThat(peer.routingTable().entries())
                .extracting(RoutingTableView.Entry::peer)
                .containsExactly(Peers.peer(1));
        assertThat(transport.connects).hasSize(1);
    }

    @Test
    void anAddressWithoutAPeerOrAPeerWithoutAnAddressIsRefused() {
        KademliaBuilder builder = builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.bootstrapPeer(Peers.address(1)))
                .withMessage("invalid peer address '" + Peers.address(1)
                        + "': expected an address that ends in /p2p/PEERID");
        for (PeerInfo bare : List.of(
                PeerInfo.of(Peers.peer(1), List.of()),
                PeerInfo.of(Peers.peer(1), List.of(Multiaddr.parse("/p2p/" + Peers.peer(1)))),
                PeerInfo.parse("/p2p/" + Peers.peer(1)))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.bootstrapPeer(bare))
                    .withMessage("bootstrap peer " + Peers.peer(1) + " must have an address");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.bootstrapPeer(PeerInfo.of(Peers.peer(1), List.of(fullAddress(2)))))
                .withMessageContaining(Peers.peer(2).toString());
    }

    @Test
    void aPeerJoinsThroughThemWithoutFurtherCalls() throws Exception {
        Kademlia first = inNetwork(0);
        Kademlia second = inNetwork(1, fullAddress(0));
        Awaitility.await()
                .until(() -> first.routingTable().find(second.peerId()).isPresent());

        Kademlia newcomer = inNetwork(2, fullAddress(0));

        Awaitility.await()
                .until(() -> newcomer.routingTable()
                        .find(second.peerId())
                        .filter(RoutingTableView.Entry::connected)
                        .isPresent());
        assertThat(newcomer.bootstrap().result().get(60, TimeUnit.SECONDS).peers())
                .isEqualTo(2);
    }

    @Test
    void oneThatCantBeReachedIsLoggedAndLeavesThePeerUsable() throws Exception {
        inNetwork(0);
        try (RecordedLog log = new RecordedLog(KademliaPeer.class)) {
            Kademlia peer = inNetwork(1, fullAddress(9), fullAddress(0));

            Awaitility.await().until(() -> !log.lines.isEmpty());
            assertThat(log.lines)
                    .containsExactly("WARN cannot reach bootstrap peer " + Peers.peer(9) + ": no such peer");
            assertThat(peer.ping(Peers.info(0), Duration.ofSeconds(5)).get(60, TimeUnit.SECONDS))
                    .isNotNull();
        }
    }
}
