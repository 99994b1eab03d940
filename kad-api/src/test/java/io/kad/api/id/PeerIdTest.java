package io.kad.api.id;

import static io.kad.api.id.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Domain(IdArbitraries.class)
class PeerIdTest {

    private static final String DIGEST = "9dff3b17d5d2f4d38a503863b03dd1d0d500f4dd2d7b1c0d4f9d00cb2f04c4b7";

    @ParameterizedTest
    @CsvSource({
        KeyVectors.ED25519
                + ", 12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq"
                + ", bafzaajaiaejcahwr5d5ofrfbis4l5d6uwr57hu5tjodrypfm6yaq6dsc2r2pzyt6",
        KeyVectors.SECP256K1
                + ", 16Uiu2HAmLhLvBoYaoZfaMUKuibM6ac163GwKY74c5kiSLg5KvLpY"
                + ", bafzaajiiaijcca3xo7uzjzcsyilaj6i54cj44qk7kqzpoao5rti2pjx6udtdbp6kte",
        KeyVectors.ECDSA
                + ", QmVMT29id3TUASyfZZ6k9hmNyc2nYabCo4uMSpDw4zrgDk"
                + ", bafzbeidigywdclqvl5hxfefwp5onbffcfife7pza57mmfb4tiqmtkdjw64",
        KeyVectors.RSA
                + ", QmaeANgBs1DTSxWSrPPtobgQuxW8XTfsS4ydbK4rCHzqxG"
                + ", bafzbeifwzcumbiyql7bhv7fe7mixg6i7aohegq75k234m63bnw6dbicmzu"
    })
    void matchesTheVectorsOfTheSpecification(String key, String base58, String cid) {
        Bytes publicKey = Bytes.fromHex(key);
        PeerId peer = PeerId.fromPublicKey(publicKey);
        assertThat(peer).hasToString(base58);
        assertThat(peer.toCid()).isEqualTo(cid);
        assertThat(PeerId.parse(base58)).isEqualTo(peer);
        assertThat(PeerId.parse(cid)).isEqualTo(peer);
        boolean inline = publicKey.size() <= PeerId.MAX_INLINE_KEY_BYTES;
        assertThat(peer.inlinePublicKey().isPresent()).isEqualTo(inline);
        assertThat(peer.inlinePublicKey().orElse(publicKey)).isEqualTo(publicKey);
        assertThat(peer.bytes())
                .isEqualTo((inline ? new Multihash(0, publicKey) : Multihash.sha256(publicKey)).bytes());
    }

    @Test
    void isReadInTheTextFormsOfTheSpecification() {
        PeerId sha256 = PeerId.parse("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
        assertThat(sha256.bytes().hex()).startsWith("12209dff3b17").endsWith("f0b9");
        assertThat(PeerId.parse("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe"))
                .isEqualTo(sha256);
        PeerId ed25519 = PeerId.parse("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA");
        assertThat(ed25519.bytes().hex()).startsWith("0024080112202ffa35a9").endsWith("1336b");
    }

    @Property
    void isReadInEachTextForm(@ForAll PeerId peer) {
        assertThat(PeerId.parse(peer.toString())).isEqualTo(peer);
        assertThat(PeerId.parse(peer.toCid())).isEqualTo(peer);
        Bytes cid = Bytes.concat(Bytes.of((byte) 1, (byte) 0x72), peer.bytes());
        assertThat(peer.toCid()).isEqualTo(Multibase.base32(cid));
        for (String text : List.of(
                "z" + BaseX.BASE58.encode(cid),
                "k" + BaseX.BASE36.encode(cid),
                "f" + cid.hex(),
                "F" + cid.hex().toUpperCase(Locale.ROOT),
                "B" + Rfc4648Encoding.BASE32_UPPER.encode(cid),
                Multibase.base64Url(cid))) {
            assertThat(PeerId.parse(text)).as(text).isEqualTo(peer);
        }
    }

    @Property
    void isReadFromItsBytes(@ForAll PeerId peer) {
        PeerId copy = PeerId.fromBytes(Bytes.of(peer.bytes().toArray()));
        assertThat(copy).isEqualTo(peer).hasSameHashCodeAs(peer).isEqualByComparingTo(peer);
        assertThat(copy.kadKey()).isEqualTo(peer.kadKey()).isEqualTo(KadKey.hash(peer.bytes()));
        assertThat(copy.kadKey()).isSameAs(copy.kadKey());
    }

    @Property
    void differsForDifferentKeys(@ForAll @Size(2) Set<Bytes> keys) {
        Set<PeerId> peers = new HashSet<>();
        keys.forEach(key -> peers.add(PeerId.fromPublicKey(key)));
        assertThat(peers).hasSize(2);
    }

    @Test
    void inlinesAKeyOfAtMost42Bytes() {
        Bytes longest = Bytes.of(new byte[PeerId.MAX_INLINE_KEY_BYTES]);
        assertThat(PeerId.fromPublicKey(longest).inlinePublicKey()).contains(longest);
        Bytes longer = Bytes.of(new byte[PeerId.MAX_INLINE_KEY_BYTES + 1]);
        assertThat(PeerId.fromPublicKey(longer).inlinePublicKey()).isEmpty();
        Bytes identity = new Multihash(Multihash.IDENTITY, longer).bytes();
        assertRefused(() -> PeerId.fromBytes(identity), "42");
    }

    @Test
    void mayInlineBytesThatAreNotAKey() {
        assertThat(PeerId.fromBytes(Bytes.fromHex("0020" + DIGEST)).inlinePublicKey())
                .contains(Bytes.fromHex(DIGEST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "0001",
                "000102ff",
                "12",
                "1220",
                "1220" + DIGEST + "00",
                "121f" + DIGEST,
                "1320" + DIGEST,
                "1114aabbccddeeff00112233445566778899aabbccdd",
                "800020" + DIGEST,
                "12a000" + DIGEST,
                "002b",
                "122100" + DIGEST,
                "ff20" + DIGEST
            })
    void isRefusedWithInvalidBytes(String hex) {
        assertRefused(() -> PeerId.fromBytes(Bytes.fromHex(hex)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "Qm",
                "12D3KooW",
                "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3p0",
                "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5",
                "x12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA",
                "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA\n",
                "bafz",
                "🙂",
                "hello"
            })
    void isRefusedWithInvalidText(String text) {
        assertRefused(() -> PeerId.parse(text), "invalid peer ID ");
    }

    @Test
    void isRefusedAsACidOfAnotherCodec() {
        String raw = Cid.v1(Cid.RAW, Multihash.sha256(Bytes.EMPTY)).toString();
        assertRefused(() -> PeerId.parse(raw), raw, "libp2p-key");
    }
}
