package io.kad.transport.netty.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
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
    @ValueSource(
            strings = {
                "/ip6zone/ZONE/ip4/127.0.0.1/tcp/1",
                "/ip6zone/ZONE/dns/localhost/tcp/1",
                "/ip6zone/ZONE/dns4/localhost/tcp/1",
                "/ip6zone/ZONE/dns6/localhost/tcp/1",
                "/ip6zone/ZONE/ip6zone/ZONE/ip6/::1/tcp/1",
                "/ip6zone/ZONE/ip6/::ffff:127.0.0.1/tcp/1",
                "/ip6zone/ZONE/tcp/1",
                "/ip6/::1/ip6zone/ZONE/tcp/1"
            })
    void aZoneBelongsToAnIpv6AddressOnly(String text) throws IOException {
        for (String zone : List.of(loopback().getName(), "1", "example.org")) {
            assertThat(AddressPattern.TCP.socket(Multiaddr.parse(text.replace("ZONE", zone))))
                    .as(zone)
                    .isEmpty();
        }
    }

    @Test
    void aZoneIsANetworkInterfaceByNameOrNumber() throws IOException {
        NetworkInterface loopback = loopback();
        assumeThat(loopback.inetAddresses()).contains(InetAddress.getAllByName("::1"));
        for (String zone : List.of(loopback.getName(), String.valueOf(loopback.getIndex()))) {
            InetSocketAddress socket = AddressPattern.TCP
                    .socket(Multiaddr.parse("/ip6zone/" + zone + "/ip6/::1/tcp/1" + PEER))
                    .orElseThrow();
            assertThat(socket.getAddress())
                    .isInstanceOfSatisfying(
                            Inet6Address.class,
                            ip -> assertThat(ip.getScopeId()).as(zone).isEqualTo(loopback.getIndex()));
        }
    }

    private static NetworkInterface loopback() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999999999", "99999999999999999999999999", "-1", "+1", "0x1", "%lo", "lo%1", "a.b"})
    void aStrangeZoneIsRejected(String zone) {
        assertThat(AddressPattern.TCP.socket(Multiaddr.parse("/ip6zone/" + zone + "/ip6/fe80::1/tcp/1")))
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
