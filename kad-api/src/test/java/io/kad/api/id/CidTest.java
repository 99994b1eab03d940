package io.kad.api.id;

import static io.kad.api.id.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Domain(IdArbitraries.class)
class CidTest {

    private static final String V0 = "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR";

    @ParameterizedTest
    @CsvSource({
        V0 + ", 0, 112, c3c4733ec8affd06cf9e9ff50ffc6bcd2ec85a6170004bb709669c31de94391a",
        "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi, 1, 112,"
                + " c3c4733ec8affd06cf9e9ff50ffc6bcd2ec85a6170004bb709669c31de94391a",
        "zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA, 1, 85,"
                + " 6e6ff7950a36187a801613426e858dce686cd7d7e3c0fc42ee0330072d245c95",
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku, 1, 85,"
                + " e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    })
    void parsesKnownCids(String text, int version, long codec, String digest) {
        Cid cid = Cid.parse(text);
        assertThat(cid).isEqualTo(new Cid(version, codec, new Multihash(Multihash.SHA2_256, Bytes.fromHex(digest))));
        assertThat(Cid.fromBytes(cid.bytes())).isEqualTo(cid);
    }

    @Property
    void roundTrips(@ForAll Cid cid) {
        assertThat(Cid.fromBytes(cid.bytes())).isEqualTo(cid);
        assertThat(Cid.parse(cid.toString())).isEqualTo(cid).hasToString(cid.toString());
    }

    @Test
    void ofVersion0LooksLikeItsMultihash() {
        Cid cid = Cid.parse(V0);
        assertThat(cid).hasToString(V0);
        assertThat(cid.bytes()).isEqualTo(cid.multihash().bytes());
        assertThat(Cid.v1(Cid.DAG_PB, cid.multihash()))
                .hasToString("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi");
    }

    @Test
    void ofVersion0IsAlwaysTheSha256OfDagPb() {
        Multihash sha256 = Multihash.sha256(Bytes.EMPTY);
        assertRefused(() -> new Cid(0, Cid.RAW, sha256), "dag-pb");
        assertRefused(() -> new Cid(0, Cid.DAG_PB, new Multihash(Multihash.IDENTITY, Bytes.EMPTY)), "SHA-256");
        assertRefused(() -> new Cid(2, Cid.RAW, sha256), "version");
        assertRefused(() -> new Cid(1, -1, sha256), "-1");
    }

    @Test
    void ofVersion0HasNoMultibasePrefix() {
        assertRefused(() -> Cid.parse("z" + V0), "invalid CID ", "multibase prefix");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "b", "Qm", "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMn",
                        "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMn0",
                "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk", "f0255120100", "f0155", "f01551201",
                        "f0155000100ff",
                "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA", "b\n"
            })
    void isRefusedIfMalformed(String text) {
        assertRefused(() -> Cid.parse(text), "invalid CID ");
    }
}
