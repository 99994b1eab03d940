package io.kad.api.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpAddressTextTest {

    /** The examples of RFC 5952 and its rules: no leading zeros, lower case, the first longest run of two or more zero groups. */
    @ParameterizedTest
    @CsvSource({
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8::ABCD, 2001:db8::abcd",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "::ffff:c000:201, ::ffff:192.0.2.1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304"
    })
    void isFormattedCanonically(String text, String shown) {
        assertThat(IpAddressText.format6(IpAddressText.parse6(text))).isEqualTo(shown);
    }

    @Property
    void ofIp6IsUnderstoodByThePlatform(
            @ForAll @IntRange(max = 255) int zeroGroups, @ForAll long high, @ForAll long low)
            throws UnknownHostException {
        byte[] address = new byte[16];
        for (int index = 0; index < address.length; index++) {
            boolean zero = (zeroGroups >>> (index / 2) & 1) != 0;
            address[index] = zero ? 0 : (byte) ((index < 8 ? high : low) >>> (index % 8 * 8));
        }
        String text = IpAddressText.format6(Bytes.of(address));
        assertThat(InetAddress.getByName(text)).isEqualTo(InetAddress.getByAddress(address));
        assertThat(IpAddressText.parse6(text).toArray()).isEqualTo(address);
    }

    @Property
    void ofIp4IsUnderstoodByThePlatform(@ForAll int bits) throws UnknownHostException {
        byte[] address = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
        String text = IpAddressText.format4(Bytes.of(address));
        assertThat(text).isEqualTo(InetAddress.getByAddress(address).getHostAddress());
        assertThat(IpAddressText.parse4(text).toArray()).isEqualTo(address);
    }

    @Property
    void ofIp6IsReadInThePlatformsForm(@ForAll long high, @ForAll long low) throws UnknownHostException {
        byte[] address = KadKey.of(high, low, 0, 0).bytes().slice(0, 16).toArray();
        address[0] |= 1;
        assertThat(IpAddressText.parse6(InetAddress.getByAddress(address).getHostAddress())
                        .toArray())
                .isEqualTo(address);
    }
}
