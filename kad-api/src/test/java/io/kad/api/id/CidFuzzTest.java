package io.kad.api.id;

import static io.kad.api.id.Refusals.accepts;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** CIDs in binary form and as text, as parameters of requests have them; each input is read as both. */
class CidFuzzTest {

    static Stream<byte[]> seeds() {
        return Stream.concat(
                FuzzSeeds.texts(
                        "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC",
                        "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy",
                        "zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA",
                        "f01551200",
                        "mAXIA",
                        "kafk"),
                FuzzSeeds.hex("01551200", "0170000161", "1220" + "00".repeat(32)));
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrHasOneForm(byte[] input) {
        Bytes bytes = Bytes.of(input);
        if (accepts(() -> Cid.fromBytes(bytes))) {
            assertThat(Cid.fromBytes(bytes).bytes()).isEqualTo(bytes);
            check(Cid.fromBytes(bytes));
        }
        String text = FuzzSeeds.text(input);
        if (accepts(() -> Cid.parse(text))) {
            check(Cid.parse(text));
        }
        if (accepts(() -> Multihash.fromBytes(bytes))) {
            assertThat(Multihash.fromBytes(bytes).bytes()).isEqualTo(bytes);
        }
    }

    private static void check(Cid cid) {
        assertThat(cid.multihash().digest().size()).isLessThanOrEqualTo(Multihash.MAX_DIGEST_BYTES);
        assertThat(Cid.fromBytes(cid.bytes())).isEqualTo(cid);
        assertThat(Cid.parse(cid.toString())).isEqualTo(cid).hasToString(cid.toString());
    }
}
