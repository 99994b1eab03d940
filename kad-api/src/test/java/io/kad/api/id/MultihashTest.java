package io.kad.api.id;

import static io.kad.api.id.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Domain(IdArbitraries.class)
class MultihashTest {

    @Test
    void ofSha256IsThatOfTheContent() {
        assertThat(Multihash.sha256(Bytes.utf8("abc")).bytes().hex())
                .isEqualTo("1220ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Property
    void roundTrips(@ForAll Multihash hash) {
        assertThat(Multihash.fromBytes(hash.bytes())).isEqualTo(hash).hasSameHashCodeAs(hash);
        assertThat(BaseX.BASE58.decode(hash.toString())).isEqualTo(hash.bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0001", "000000", "8000", "00800000", "1201ff", "00ffffffffffffffff7f", "80"})
    void isRefusedIfMalformed(String hex) {
        assertRefused(() -> Multihash.fromBytes(Bytes.fromHex(hex)));
    }

    @Test
    void hasADigestOfAtMost128Bytes() {
        assertThat(new Multihash(0, Bytes.of(new byte[128])).bytes().hex()).startsWith("008001");
        assertRefused(() -> new Multihash(0, Bytes.of(new byte[129])), "129", "128");
        assertRefused(() -> Multihash.fromBytes(Bytes.concat(Bytes.fromHex("008101"), Bytes.of(new byte[129]))), "129");
    }

    @Test
    void refusesInvalidParts() {
        assertRefused(() -> new Multihash(-1, Bytes.EMPTY), "-1");
        assertRefused(() -> new Multihash(Multihash.SHA2_256, Bytes.of(new byte[31])), "31");
        assertThatNullPointerException().isThrownBy(() -> new Multihash(0, null));
    }
}
