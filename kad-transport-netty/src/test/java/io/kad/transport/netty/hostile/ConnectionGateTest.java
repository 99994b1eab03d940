package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.transport.netty.NettyTransport;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.transport.netty.support.TestDnsServer;
import io.kad.transport.netty.support.TestIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a transport asks a connection gate, and what follows from a refusal. */
@Timeout(180)
class ConnectionGateTest {

    private static final TestIdentity ALICE = new TestIdentity(1);
    private static final TestIdentity BOB = new TestIdentity(2);

    private final StartedTransports transports = new StartedTransports();
    private final TestDnsServer dns = new TestDnsServer();

    /** Gate that records what it is asked, and refuses one question. */
    private static final class Recording implements ConnectionGate {

        private final Queue<String> asked = new ConcurrentLinkedQueue<>();
        private final String refused;

        Recording(String refused) {
            this.refused = refused;
        }

        private Optional<String> answer(String question) {
            asked.add(question);
            return question.startsWith(refused) ? Optional.of("not " + refused) : Optional.empty();
        }

        @Override
        public Optional<String> refuseDial(PeerId peer, Multiaddr address) {
            return answer("dial " + address);
        }

        @Override
        public Optional<String> refuseAccept(Multiaddr remote) {
            return answer("accept " + remote);
        }

        @Override
        public Optional<String> refuseConnection(PeerId peer, Multiaddr remote, Direction direction) {
            return answer(direction + " " + peer);
        }
    }

    @AfterEach
    void stop() {
        transports.close();
        dns.close();
    }

    private NettyTransport start(TestIdentity identity, ConnectionGate gate) {
        return transports.start(identity, KademliaConfig.builder().resolver(dns.option()), gate);
    }

    private static Multiaddr listen(NettyTransport transport, String address) {
        return StartedTransports.bind(transport, address);
    }

    private static CompletableFuture<ConnectionInfo> connect(NettyTransport from, Multiaddr address) {
        from.trustAddresses(PeerInfo.of(BOB.peerId(), List.of(address))); // which a gate refuses, too
        return StartedTransports.connect(from, BOB, address);
    }

    private static void assertFails(CompletableFuture<ConnectionInfo> connected, String message) {
        assertThat(connected)
                .failsWithin(Duration.ofSeconds(25))
                .withThrowableThat()
                .withMessageContaining(message);
    }

    private static long refusals(NettyTransport transport) {
        return transport.counters().getOrDefault(LimitId.CONNECTION_GATE.counter(), 0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/tcp/0/ws", "/ip4/127.0.0.1/udp/0/quic-v1"})
    void bothSidesAreAskedInTheOrderOfTheConnection(String listenAddress) {
        Recording ofAlice = new Recording("nothing");
        Recording ofBob = new Recording("nothing");
        Multiaddr address = listen(start(BOB, ofBob), listenAddress);
        connect(start(ALICE, ofAlice), address).join();
        assertThat(ofAlice.asked).containsExactly("dial " + address, "OUTBOUND " + BOB.peerId());
        await().untilAsserted(() -> assertThat(ofBob.asked).hasSize(2));
        List<String> asked = List.copyOf(ofBob.asked);
        assertThat(asked.get(0)).startsWith("accept /ip4/127.0.0.1/");
        assertThat(asked.get(1)).isEqualTo("INBOUND " + ALICE.peerId());
    }

    @Test
    void aRefusedDialIsNotMade() {
        Recording gate = new Recording("dial");
        NettyTransport bob = start(BOB, ConnectionGate.OPEN);
        Multiaddr address = listen(bob, "/ip4/127.0.0.1/tcp/0");
        NettyTransport alice = start(ALICE, gate);
        assertFails(connect(alice, address), "GATED: " + address + ": not dial");
        assertThat(refusals(alice)).isEqualTo(1);
        assertThat(bob.connections()).isEmpty();
    }

    @Test
    void aNameIsAskedForBeforeItIsLookedUpAndWithWhatItLeadsTo() {
        dns.setHost("host.example.", new byte[] {127, 0, 0, 1});
        Multiaddr address = listen(start(BOB, ConnectionGate.OPEN), "/ip4/127.0.0.1/tcp/0");
        String port = address.components().get(1).text();
        Multiaddr name = Multiaddr.parse("/dns4/host.example/tcp/" + port);

        Recording ofNames = new Recording("dial /dns4");
        assertFails(connect(start(ALICE, ofNames), name), "GATED: " + name + ": not dial /dns4");
        assertThat(dns.asked()).isEmpty();

        Recording ofIps = new Recording("dial /ip4/127");
        assertFails(connect(start(ALICE, ofIps), name), "GATED: " + name + ": not dial /ip4/127");
        assertThat(ofIps.asked).containsExactly("dial " + name, "dial " + address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/tcp/0/ws", "/ip4/127.0.0.1/udp/0/quic-v1"})
    void theDialledPeerIsRefusedOnceItIsAuthenticated(String listenAddress) {
        Multiaddr address = listen(start(BOB, ConnectionGate.OPEN), listenAddress);
        NettyTransport alice = start(ALICE, new Recording("OUTBOUND"));
        assertFails(connect(alice, address), "GATED: " + address + ": not OUTBOUND");
        assertThat(refusals(alice)).isEqualTo(1);
        assertThat(alice.connections()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"})
    void anInboundConnectionIsRefusedBeforeAndAfterItsHandshake(String listenAddress) {
        for (String refused : List.of("accept", "INBOUND")) {
            NettyTransport bob = start(BOB, new Recording(refused));
            NettyTransport alice = start(ALICE, ConnectionGate.OPEN);
            Multiaddr address = listen(bob, listenAddress);
            connect(alice, address);
            await().untilAsserted(() -> assertThat(refusals(bob)).isPositive());
            await().untilAsserted(() -> assertThat(alice.connections()).isEmpty());
            assertThat(bob.connections()).isEmpty();
        }
    }
}
