package io.kad.transport.netty.hostile;

import static io.kad.transport.netty.support.Callbacks.completing;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.DialPolicy;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.support.TestDnsServer;
import io.kad.transport.netty.support.TestIdentity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dials of {@code /dnsaddr} addresses, whose records a hostile name owner may write. */
@Timeout(180)
class DnsaddrDialTest {

    private final TestDnsServer dns = new TestDnsServer();
    private final TestNode listener =
            new TestNode(1, KademliaConfig.builder().build(), (request, responder) -> responder.reset());

    @AfterEach
    void stop() {
        listener.close();
        dns.close();
    }

    private TestNode dialer(KademliaConfig.Builder config) {
        return new TestNode(2, config.resolver(dns.option()).build(), (request, responder) -> responder.reset());
    }

    private void add(String name, Multiaddr address) {
        dns.addText("_dnsaddr." + name + ".", "dnsaddr=" + address);
    }

    private PeerInfo at(String... addresses) {
        return PeerInfo.of(
                listener.id(), List.of(addresses).stream().map(Multiaddr::parse).toList());
    }

    private static CompletableFuture<ConnectionInfo> connect(TestNode node, PeerInfo peer) {
        CompletableFuture<ConnectionInfo> connected = new CompletableFuture<>();
        node.transport.connect(peer, Duration.ofSeconds(20), completing(connected));
        return connected;
    }

    @Test
    void aPeerIsReachedThroughNamesOfNames() {
        int port = listener.socketAddress().getPort();
        add("boot.example", Multiaddr.parse("/dnsaddr/one.example").withPeerId(listener.id()));
        add("one.example", Multiaddr.parse("/dns4/host.example/tcp/" + port).withPeerId(listener.id()));
        dns.setHost("host.example.", new byte[] {127, 0, 0, 1});
        try (TestNode dialer = dialer(KademliaConfig.builder())) {
            ConnectionInfo connection = connect(dialer, at("/dnsaddr/boot.example/p2p/" + listener.id()))
                    .join();
            assertThat(connection.peer()).isEqualTo(listener.id());
            assertThat(connection.remoteAddress()).hasToString("/dns4/host.example/tcp/" + port);
        }
    }

    @Test
    void recordsThatLeadNowhereDoNotHoldUpTheOneThatIsRight() {
        for (int number = 1; number < 40; number++) {
            add("boot.example", Multiaddr.parse("/ip4/127.0.0.1/tcp/" + number).withPeerId(listener.id()));
        }
        add("boot.example", listener.address.withPeerId(listener.id()));
        dns.truncate("_dnsaddr.boot.example.");
        PeerInfo peer = at("/dnsaddr/boot.example");
        try (TestNode dialer = dialer(KademliaConfig.builder())) {
            dialer.transport.trustAddresses(peer);
            assertThat(connect(dialer, peer).join().remoteAddress()).isEqualTo(listener.address);
        }
    }

    @Test
    void aStatedNameLeadsToFewDials() {
        for (int number = 1; number <= TransportLimits.MAX_ADDRESSES_PER_NAME; number++) {
            add("boot.example", Multiaddr.parse("/ip4/127.0.0.1/tcp/" + number).withPeerId(listener.id()));
        }
        add("boot.example", listener.address.withPeerId(listener.id()));
        dns.truncate("_dnsaddr.boot.example.");
        try (TestNode dialer = dialer(KademliaConfig.builder())) {
            assertThat(connect(dialer, at("/dnsaddr/boot.example")))
                    .as("a dial of those before the last one")
                    .failsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void aStatedNameIsLookedUpAFewTimesInAMinuteThoughItIsFound() {
        add("boot.example", Multiaddr.parse("/ip4/127.0.0.1/tcp/1").withPeerId(listener.id()));
        dns.setTtl(0); // so that each lookup asks
        PeerInfo peer = at("/dnsaddr/boot.example");
        try (TestNode dialer = dialer(KademliaConfig.builder().maxFailedDialsPerHost(3))) {
            for (String sameName :
                    List.of("boot.example", "BOOT.example", "boot.example/tcp/1", "Boot.example", "boot.example")) {
                assertThat(connect(dialer, at("/dnsaddr/" + sameName))).failsWithin(Duration.ofSeconds(20));
            }
            assertThat(dns.asked()).hasSize(3);
            dialer.transport.trustAddresses(peer);
            assertThat(connect(dialer, peer)).failsWithin(Duration.ofSeconds(20));
            assertThat(dns.asked()).as("the user may").hasSize(4);
        }
    }

    @Test
    void thePolicyHoldsForWhatARecordNames() {
        add("boot.example", listener.address.withPeerId(listener.id()));
        PeerInfo peer = at("/dnsaddr/boot.example");
        try (TestNode dialer = dialer(KademliaConfig.builder().dialPolicy(DialPolicy.PUBLIC))) {
            assertThat(connect(dialer, peer))
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withMessageContaining("dial-policy");
            dialer.transport.trustAddresses(peer);
            assertThat(connect(dialer, peer).join().peer()).isEqualTo(listener.id());
        }
    }

    @Test
    void aNameWithoutAnAddressForThePeerSaysWhatIsMissing() {
        add("boot.example", listener.address.withPeerId(new TestIdentity(9).peerId()));
        try (TestNode dialer = dialer(KademliaConfig.builder())) {
            assertThat(connect(dialer, at("/dnsaddr/boot.example")))
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withMessageContaining("_dnsaddr.boot.example has no TXT record dnsaddr=...");
        }
    }
}
