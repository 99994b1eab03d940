package io.kad.api.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Domain(IdArbitraries.class)
class RecordKeyTest {

    @ParameterizedTest
    @CsvSource({"/pk/x, pk", "/ipns/, ipns", "/a/b/c, a", "/ä/b, ä"})
    void hasTheNamespaceOfItsFirstPart(String text, String namespace) {
        assertThat(RecordKey.utf8(text).namespace()).contains(namespace);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "//", "//x", "/pk", "pk/x", "x", " /pk/x"})
    void hasNoNamespaceOtherwise(String text) {
        assertThat(RecordKey.utf8(text).namespace()).isEmpty();
    }

    @Test
    void hasANamespaceBeforeBinaryNames() {
        Bytes peer = Bytes.fromHex("1220ff00");
        assertThat(RecordKey.of(Bytes.concat(Bytes.utf8("/pk/"), peer)).namespace())
                .contains("pk");
        assertThat(RecordKey.of(Bytes.fromHex("2fff2f00")).namespace()).isEmpty();
    }

    @Property
    void isEqualByItsBytes(@ForAll Bytes left, @ForAll Bytes right) {
        RecordKey key = RecordKey.of(left);
        assertThat(key.bytes()).isEqualTo(left);
        assertThat(key).isEqualTo(RecordKey.of(left)).hasSameHashCodeAs(RecordKey.of(left));
        assertThat(key.equals(RecordKey.of(right))).isEqualTo(left.equals(right));
        assertThat(key.compareTo(RecordKey.of(right))).isEqualTo(left.compareTo(right));
        assertThat(key.kadKey()).isEqualTo(KadKey.hash(left)).isSameAs(key.kadKey());
    }

    @Property
    void ofAContentIsItsMultihash(@ForAll Multihash hash) {
        assertThat(RecordKey.of(hash).bytes()).isEqualTo(hash.bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app/name", "a b", "ä€😀"})
    void isShownAsTextIfPrintable(String text) {
        assertThat(RecordKey.utf8(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({"'', 0x", "ff, 0xff", "0a, 0x0a", "c285, 0xc285", "e280ae, 0xe280ae", "3078, 0x3078"})
    void isShownInHexadecimalOtherwise(String hex, String shown) {
        assertThat(RecordKey.of(Bytes.fromHex(hex))).hasToString(shown);
    }

    @Property
    void hasAUniqueText(@ForAll Bytes bytes) {
        String shown = RecordKey.of(bytes).toString();
        Bytes named = shown.startsWith("0x") ? Bytes.fromHex(shown.substring(2)) : Bytes.utf8(shown);
        assertThat(named).isEqualTo(bytes);
    }

    @Test
    void isNeverNull() {
        assertThatNullPointerException().isThrownBy(() -> RecordKey.of((Bytes) null));
    }
}
