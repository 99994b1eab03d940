package io.kad.transport.netty.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPatternTest {

    private static final String PEER = "/p2p/12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/127.0.0.1/tcp/4001", "/ip6/::1/tcp/1", "/ip4/1.2.3.4/tcp/65535"})
    void aTcpAddressRoundTrips(String text) {
        Multiaddr address = Multiaddr.parse(text);
        InetSocketAddress socket = AddressPattern.TCP.socket(address).orElseThrow();
        assertThat(AddressPattern.TCP.address(socket)).isEqualTo(address);
        assertThat(AddressPattern.TCP.socket(Multiaddr.parse(text + PEER))).contains(socket);
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
        assertThat(AddressPattern.TCP.socket(Multiaddr.parse(text))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/dns/localhost/tcp/7", "/dns4/localhost/tcp/7", "/dns6/localhost/tcp/7"})
    void aHostNameStaysUnresolved(String text) {
        assertThat(AddressPattern.TCP.socket(Multiaddr.parse(text)))
                .contains(InetSocketAddress.createUnresolved("localhost", 7));
    }

    @Test
    void anUnknownZoneIsRejected() {
        assertThat(AddressPattern.TCP.socket(Multiaddr.parse("/ip6zone/nosuchzone/ip6/fe80::1/tcp/1")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/127.0.0.1/udp/4001/quic-v1", "/ip6/::1/udp/1/quic-v1"})
    void protocolsBehindThePortMustMatchToo(String text) {
        AddressPattern quic = new AddressPattern(MultiaddrProtocol.UDP, MultiaddrProtocol.QUIC_V1);
        Multiaddr address = Multiaddr.parse(text);
        InetSocketAddress socket = quic.socket(address).orElseThrow();
        assertThat(quic.address(socket)).isEqualTo(address);
        assertThat(quic.socket(Multiaddr.parse(text + PEER))).contains(socket);
        assertThat(AddressPattern.TCP.socket(address)).isEmpty();
        assertThat(quic.socket(Multiaddr.parse(text + "/webtransport"))).isEmpty();
        assertThat(quic.socket(Multiaddr.parse(text + PEER + "/p2p-circuit"))).isEmpty();
        assertThat(quic.socket(Multiaddr.parse(text.replace("/quic-v1", "")))).isEmpty();
        assertThat(quic.socket(Multiaddr.parse(text.replace("/udp", "/tcp")))).isEmpty();
        assertThat(quic.socket(Multiaddr.parse(text.replace("/quic-v1", "/quic"))))
                .isEmpty();
        assertThat(quic.form()).isEqualTo("/udp/PORT/quic-v1");
    }
}
