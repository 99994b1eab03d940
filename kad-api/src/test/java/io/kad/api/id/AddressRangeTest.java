package io.kad.api.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

    static Bytes ip(String text) {
        return text.indexOf(':') < 0 ? IpAddressText.parse4(text) : IpAddressText.parse6(text);
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/203.0.113.7/tcp/1, 203.0.113.7/32, 203.0.113.0/24",
        "/ip4/10.1.2.3/tcp/1, 10.1.2.3/32, 10.1.2.0/24",
        "/ip6/2001:db8:1:2ff::1/tcp/1, 2001:db8:1:200::/56, 2001:db8:1::/48",
        "/ip6/::ffff:203.0.113.7/tcp/1, 203.0.113.7/32, 203.0.113.0/24",
    })
    void anAddressHasAHostAndANetwork(String address, String host, String network) {
        assertThat(AddressRange.of(Multiaddr.parse(address)))
                .containsExactly(AddressRange.parse(host), AddressRange.parse(network));
        assertThat(AddressRange.of(Multiaddr.parse(address)))
                .extracting(AddressRange::isHost)
                .containsExactly(true, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/127.0.0.1/tcp/1",
                "/ip4/127.9.9.9/tcp/1",
                "/ip6/::1/tcp/1",
                "/ip6/::ffff:127.0.0.1/tcp/1",
                "/dns4/example.org/tcp/1"
            })
    void loopbackAndNamesHaveNone(String address) {
        assertThat(AddressRange.of(Multiaddr.parse(address))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "172.16.0.0/12, 172.31.255.255, true",
        "172.16.0.0/12, 172.32.0.0, false",
        "0.0.0.0/0, 255.1.2.3, true",
        "192.0.2.1/32, 192.0.2.1, true",
        "192.0.2.1/32, 192.0.2.0, false",
        "fc00::/7, fdff:ffff::1, true",
        "fc00::/7, fe00::, false",
        "::/0, 192.0.2.1, false",
        "2001:db8::/33, 2001:db8:7fff::, true",
        "2001:db8::/33, 2001:db8:8000::, false",
    })
    void aRangeContainsTheAddressesOfItsPrefix(String range, String address, boolean contained) {
        assertThat(AddressRange.parse(range).contains(ip(address))).isEqualTo(contained);
    }

    @Test
    void theBitsAfterThePrefixDoNotCount() {
        AddressRange range = AddressRange.parse("192.0.2.129/25");
        assertThat(range).isEqualTo(AddressRange.parse("192.0.2.255/25")).hasToString("192.0.2.128/25");
        assertThat(range).isNotEqualTo(AddressRange.parse("192.0.2.128/26"));
        assertThat(AddressRange.parse("::/24")).isNotEqualTo(AddressRange.parse("0.0.0.0/24"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "192.0.2.1/33", "192.0.2.1/-1", "192.0.2.1/x", "::/129", "x/8", ""})
    void whatIsNoRangeIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
    }

    @Test
    void anAddressOfAnotherLengthIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.host(Bytes.of(new byte[5])));
    }
}
