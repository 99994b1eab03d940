package io.kad.transport.netty.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Multiaddr;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketAddressesTest {

    private static final String PEER = "/p2p/12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/127.0.0.1/tcp/4001", "/ip6/::1/tcp/1", "/ip4/1.2.3.4/tcp/65535"})
    void aTcpAddressRoundTrips(String text) {
        Multiaddr address = Multiaddr.parse(text);
        InetSocketAddress socket = SocketAddresses.of(address).orElseThrow();
        assertThat(SocketAddresses.toMultiaddr(socket)).isEqualTo(address);
        assertThat(SocketAddresses.of(Multiaddr.parse(text + PEER))).contains(socket);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/1.2.3.4/udp/4001/quic-v1",
                "/ip4/1.2.3.4/tcp/443/tls/ws",
                "/ip4/1.2.3.4/tcp/443/ws",
                "/ip4/1.2.3.4",
                "/tcp/80",
                "/ip4/1.2.3.4/tcp/4001" + PEER + "/p2p-circuit",
                "/dnsaddr/example.org/tcp/1",
                "/memory/1",
                "/unix/a"
            })
    void addressesOfOtherTransportsAreRejected(String text) {
        assertThat(SocketAddresses.of(Multiaddr.parse(text))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/dns/localhost/tcp/7", "/dns4/localhost/tcp/7", "/dns6/localhost/tcp/7"})
    void aHostNameStaysUnresolved(String text) {
        assertThat(SocketAddresses.of(Multiaddr.parse(text)))
                .contains(InetSocketAddress.createUnresolved("localhost", 7));
    }

    @Test
    void anUnknownZoneIsRejected() {
        assertThat(SocketAddresses.of(Multiaddr.parse("/ip6zone/nosuchzone/ip6/fe80::1/tcp/1")))
                .isEmpty();
    }
}
