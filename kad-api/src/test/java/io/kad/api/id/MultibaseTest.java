package io.kad.api.id;

import static io.kad.api.id.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Domain(IdArbitraries.class)
class MultibaseTest {

    private static final String BASE58_DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /** The vectors of the multibase specification: a text, and the same after one and two zero bytes. */
    @ParameterizedTest
    @CsvSource({
        "796573206d616e692021, f796573206d616e692021",
        "796573206d616e692021, F796573206D616E692021",
        "796573206d616e692021, bpfsxgidnmfxgsibb",
        "796573206d616e692021, BPFSXGIDNMFXGSIBB",
        "796573206d616e692021, k2lcpzo5yikidynfl",
        "796573206d616e692021, K2LCPZO5YIKIDYNFL",
        "796573206d616e692021, z7paNL19xttacUY",
        "796573206d616e692021, meWVzIG1hbmkgIQ",
        "796573206d616e692021, ueWVzIG1hbmkgIQ",
        "00796573206d616e692021, k02lcpzo5yikidynfl",
        "00796573206d616e692021, z17paNL19xttacUY",
        "00796573206d616e692021, bab4wk4zanvqw42jaee",
        "0000796573206d616e692021, k002lcpzo5yikidynfl",
        "0000796573206d616e692021, z117paNL19xttacUY",
        "0000796573206d616e692021, uAAB5ZXMgbWFuaSAh",
        "0000287fb4cd, z11233QC4",
        "fbff, u-_8",
        "fbff, m+/8"
    })
    void decodesTheVectorsOfTheSpecification(String hex, String text) {
        assertThat(Multibase.decode(text).hex()).isEqualTo(hex);
    }

    @Property
    void base16(@ForAll Bytes content) {
        assertThat(Rfc4648Encoding.BASE16.encode(content)).isEqualTo(content.hex());
        assertReadInBothCases('f', content.hex(), content);
    }

    @Property
    void base32(@ForAll Bytes content) {
        String text = Multibase.base32(content);
        assertThat(text).matches("b[a-z2-7]*").hasSize(1 + (content.size() * 8 + 4) / 5);
        assertReadInBothCases('b', text.substring(1), content);
    }

    @Property
    void base36(@ForAll Bytes content) {
        String digits = BaseX.BASE36.encode(content);
        int zeros = zeros(content);
        assertThat(digits)
                .isEqualTo("0".repeat(zeros)
                        + (zeros == content.size() ? "" : number(content).toString(36)));
        assertReadInBothCases('k', digits, content);
    }

    @Property
    void base58(@ForAll Bytes content) {
        String digits = BaseX.BASE58.encode(content);
        assertThat(digits).isEqualTo(base58ByBigInteger(content));
        assertThat(BaseX.BASE58.decode(digits)).isEqualTo(content);
    }

    @Property
    void base64(@ForAll Bytes content) {
        String url = Base64.getUrlEncoder().withoutPadding().encodeToString(content.toArray());
        String plain = Base64.getEncoder().withoutPadding().encodeToString(content.toArray());
        assertThat(Multibase.base64Url(content)).isEqualTo("u" + url);
        assertThat(Rfc4648Encoding.BASE64.decode(plain)).isEqualTo(content);
        assertThat(Rfc4648Encoding.BASE64_URL.decode(url)).isEqualTo(content);
    }

    @Property
    void roundTripsAnyBytes(@ForAll @IntRange(max = 300) int size, @ForAll byte filler) {
        byte[] content = new byte[size];
        Arrays.fill(content, filler);
        for (BaseX base : new BaseX[] {BaseX.BASE36, BaseX.BASE58}) {
            assertThat(base.decode(base.encode(Bytes.of(content))).toArray()).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "b",
                "z",
                "x00",
                "\u0000abc",
                "baB",
                "BAa",
                "ba1",
                "z0",
                "zO",
                "zI",
                "zl",
                "k_",
                "kA",
                "Ka",
                "f0",
                "fAa",
                "Faa",
                "f0g",
                "u+/8",
                "m-_8",
                "ueWVzIG1hbmkgIQ==",
                "bmz",
                "bpfsxgidnmfxgsibba",
                "uAB",
                "K\u212a",
                "B\u212a\u212a",
                "z😀",
                "f\n0"
            })
    void isRefusedIfMalformed(String text) {
        assertRefused(() -> Multibase.decode(text));
    }

    @Test
    void limitsTheLengthOfSlowConversions() {
        String longest = "2".repeat(BaseX.MAX_CHARS);
        assertThat(Multibase.decode("z" + longest).size()).isEqualTo(1499);
        assertRefused(() -> Multibase.decode("z2" + longest), "2048");
        assertRefused(() -> Multibase.decode("k2" + longest), "2048");
    }

    private static void assertReadInBothCases(char base, String digits, Bytes content) {
        if (!digits.isEmpty()) {
            assertThat(Multibase.decode(base + digits)).isEqualTo(content);
            assertThat(Multibase.decode((base + digits).toUpperCase(Locale.ROOT)))
                    .isEqualTo(content);
        }
    }

    private static String base58ByBigInteger(Bytes content) {
        StringBuilder digits = new StringBuilder();
        BigInteger base = BigInteger.valueOf(58);
        for (BigInteger rest = number(content); rest.signum() > 0; rest = rest.divide(base)) {
            digits.append(BASE58_DIGITS.charAt(rest.mod(base).intValue()));
        }
        return digits.append("1".repeat(zeros(content))).reverse().toString();
    }

    private static BigInteger number(Bytes content) {
        return new BigInteger(1, content.toArray());
    }

    private static int zeros(Bytes content) {
        int zeros = 0;
        while (zeros < content.size() && content.at(zeros) == 0) {
            zeros++;
        }
        return zeros;
    }
}
