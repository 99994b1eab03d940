package io.kad.api.id;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressScopeTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, UNSPECIFIED",
        "::, UNSPECIFIED",
        "::ffff:0.0.0.0, UNSPECIFIED",
        "127.0.0.1, LOOPBACK",
        "127.255.255.254, LOOPBACK",
        "::1, LOOPBACK",
        "::ffff:127.0.0.1, LOOPBACK",
        "64:ff9b::127.0.0.1, LOOPBACK",
        "2002:7f00:1::, LOOPBACK",
        "169.254.169.254, LINK_LOCAL",
        "::ffff:169.254.169.254, LINK_LOCAL",
        "64:ff9b::169.254.169.254, LINK_LOCAL",
        "fe80::1, LINK_LOCAL",
        "febf::1, LINK_LOCAL",
        "224.0.0.1, MULTICAST",
        "239.255.255.255, MULTICAST",
        "255.255.255.255, MULTICAST",
        "ff02::1, MULTICAST",
    })
    void anAddressOfAMachineOrALinkOrOfManyHasItsScope(String address, AddressScope scope) {
        assertScope(AddressRangeTest.ip(address), scope);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, PRIVATE",
        "172.16.0.1, PRIVATE",
        "172.31.255.255, PRIVATE",
        "192.168.1.1, PRIVATE",
        "100.64.0.1, PRIVATE",
        "100.100.100.200, PRIVATE",
        "fd00:ec2::254, PRIVATE",
        "fc00::1, PRIVATE",
        "fec0::1, PRIVATE",
        "::ffff:192.168.0.1, PRIVATE",
        "2002:c0a8:1::, PRIVATE",
        "0.1.2.3, RESERVED",
        "192.0.0.192, RESERVED",
        "192.0.2.1, RESERVED",
        "198.18.0.1, RESERVED",
        "198.19.255.255, RESERVED",
        "198.51.100.1, RESERVED",
        "203.0.113.1, RESERVED",
        "168.63.129.16, RESERVED",
        "240.0.0.1, RESERVED",
        "::2, RESERVED",
        "::192.0.2.1, RESERVED",
        "100::1, RESERVED",
        "2001::1, RESERVED",
        "2001:db8::1, RESERVED",
        "3fff::1, RESERVED",
        "4000::1, RESERVED",
        "1.1.1.1, GLOBAL",
        "11.0.0.1, GLOBAL",
        "172.32.0.1, GLOBAL",
        "172.15.255.255, GLOBAL",
        "100.63.255.255, GLOBAL",
        "100.128.0.1, GLOBAL",
        "192.169.0.1, GLOBAL",
        "169.253.0.1, GLOBAL",
        "2606:4700::1111, GLOBAL",
        "2a00::1, GLOBAL",
        "::ffff:1.1.1.1, GLOBAL",
        "2002:101:101::, GLOBAL",
    })
    void anAddressHasTheScopeFromWhereItIsReached(String address, AddressScope scope) {
        assertScope(AddressRangeTest.ip(address), scope);
    }

    private static void assertScope(Bytes ip, AddressScope scope) {
        assertThat(AddressScope.of(ip)).isEqualTo(scope);
        assertThat(AddressScope.isLoopback(ip)).isEqualTo(scope == AddressScope.LOOPBACK);
    }
}
