package io.kad.api.id;

import static io.kad.api.id.Refusals.accepts;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Addresses as text, from users and DNS. */
class MultiaddrTextFuzzTest {

    static Stream<String> addresses() {
        return Stream.of(
                "/ip4/127.0.0.1/tcp/4001",
                "/ip6/2001:db8::1/udp/4001/quic-v1/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC",
                "/ip6zone/eth0/ip6/fe80::1/tcp/1",
                "/ip4/10.0.0.0/ipcidr/8",
                "/dns4/example.com/tcp/443/tls/ws",
                "/dns/example.com/tcp/443/tls/sni/example.com/http/http-path/a%2fb",
                "/dnsaddr/bootstrap.example.com",
                "/unix/a/b%20c",
                "/ip4/1.2.3.4/tcp/1/p2p/12D3KooWM6CgA9iBFZmcYAHA6A2qvbAxqfkmrYiRQuz3XEsk4Ksv/p2p-circuit",
                "/onion3/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234",
                "/ip4/1.2.3.4/udp/1/quic-v1/webtransport/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjvcJCJMD2K_1aluKR_tpevQ");
    }

    static Stream<byte[]> seeds() {
        return FuzzSeeds.texts(addresses().toArray(String[]::new));
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrHasOneBinaryForm(byte[] input) {
        String text = FuzzSeeds.text(input);
        if (!accepts(() -> Multiaddr.parse(text))) {
            return;
        }
        Multiaddr address = Multiaddr.parse(text);
        assertThat(Multiaddr.fromBytes(address.bytes())).isEqualTo(address);
        assertThat(Multiaddr.parse(address.toString())).isEqualTo(address).hasToString(address.toString());
        assertThat(address.bytes().size()).isLessThanOrEqualTo(Multiaddr.MAX_BYTES);
        MultiaddrBytesFuzzTest.checkComponents(address);
    }
}
