package io.kad.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import io.kad.wire.key.Ed25519Identity;
import io.kad.wire.key.PublicKey;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoisePayloadTest {

    private static final Bytes STATIC_KEY = Bytes.of(new byte[32]);
    private static final Ed25519Identity IDENTITY = Ed25519Identity.fromSeed(Bytes.of(new byte[32]));

    @Test
    void encodingMatchesTheSpecification() {
        NoisePayload payload =
                new NoisePayload(Bytes.fromHex("aabb"), Bytes.fromHex("cc"), List.of("/yamux/1.0.0", "/mplex/6.7.0"));

        assertThat(payload.encode().hex())
                .isEqualTo("0a02aabb" + "1201cc" + "221c" + "120c2f79616d75782f312e302e30"
                        + "120c2f6d706c65782f362e372e30");
    }

    @Test
    void withoutMuxersThereAreNoExtensions() {
        assertThat(new NoisePayload(Bytes.fromHex("aabb"), Bytes.fromHex("cc"), List.of())
                        .encode()
                        .hex())
                .isEqualTo("0a02aabb1201cc");
    }

    @Test
    void sizeWithAnEd25519IdentityEqualsThatOfOtherImplementations() {
        // Message 2 of a handshake: 32 for the ephemeral key, 32 + 16 for the static key, 16 for the tag of the payload
        assertThat(NoisePayload.sign(IDENTITY, STATIC_KEY, List.of("/yamux/1.0.0"))
                        .encode()
                        .size())
                .isEqualTo(216 - 32 - 48 - 16);
        assertThat(NoisePayload.sign(IDENTITY, STATIC_KEY, List.of()).encode().size())
                .isEqualTo(168 - 48 - 16);
    }

    @Test
    void theSignatureIsOverThePrefixAndTheStaticKey() throws Exception {
        NoisePayload payload = NoisePayload.sign(IDENTITY, STATIC_KEY, List.of());

        assertThat(PublicKey.decode(payload.identityKey())
                        .verify(
                                Bytes.concat(Bytes.utf8("noise-libp2p-static-key:"), STATIC_KEY),
                                payload.identitySignature()))
                .isTrue();
    }

    @Test
    void aPeerIsAuthenticatedForItsStaticKeyOnly() throws Exception {
        NoisePayload payload = NoisePayload.decode(
                NoisePayload.sign(IDENTITY, STATIC_KEY, List.of()).encode());
        byte[] other = STATIC_KEY.toArray();
        other[31] = 1;

        assertThat(payload.authenticate(STATIC_KEY).peerId()).isEqualTo(IDENTITY.peerId());
        assertThatThrownBy(() -> payload.authenticate(Bytes.of(other)))
                .isInstanceOfSatisfying(
                        MalformedMessageException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.BAD_SIGNATURE));
    }

    @Test
    void emptyAndUnknownFieldsAreIgnored() throws Exception {
        Bytes sent = Bytes.fromHex("1a00" + "2200" + "0a02aabb" + "1201cc" + "2a0161" + "3005");

        assertThat(NoisePayload.decode(sent))
                .isEqualTo(new NoisePayload(Bytes.fromHex("aabb"), Bytes.fromHex("cc"), List.of()));
    }

    @Test
    void certificateHashesBesideTheMuxersAreIgnored() throws Exception {
        Bytes sent = Bytes.fromHex("0a02aabb" + "1201cc" + "2212" + "0a02eeff" + "120c2f79616d75782f312e302e30");

        assertThat(NoisePayload.decode(sent).streamMuxers()).containsExactly("/yamux/1.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0a02aabb", "1201cc", "220e120c2f79616d75782f312e302e30"})
    void aPayloadWithoutKeyOrSignatureIsRefused(String hex) {
        assertThatThrownBy(() -> NoisePayload.decode(Bytes.fromHex(hex)))
                .isInstanceOfSatisfying(
                        MalformedMessageException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.MISSING_FIELD));
    }

    @Test
    void aListOfMuxersOverTheLimitIsIgnored() throws Exception {
        List<String> most = Collections.nCopies(NoisePayload.MAX_STREAM_MUXERS, "/m");
        List<String> tooMany = Collections.nCopies(NoisePayload.MAX_STREAM_MUXERS + 1, "/m");

        assertThat(NoisePayload.decode(new NoisePayload(STATIC_KEY, STATIC_KEY, most).encode())
                        .streamMuxers())
                .hasSize(NoisePayload.MAX_STREAM_MUXERS);
        assertThat(NoisePayload.decode(new NoisePayload(STATIC_KEY, STATIC_KEY, tooMany).encode())
                        .streamMuxers())
                .isEmpty();
    }

    @Test
    void aMuxerWithATooLongNameIsIgnored() throws Exception {
        String longest = "m".repeat(NoisePayload.MAX_MUXER_BYTES);
        NoisePayload payload =
                new NoisePayload(STATIC_KEY, STATIC_KEY, List.of(longest, longest + "m", "/yamux/1.0.0"));

        assertThat(NoisePayload.decode(payload.encode()).streamMuxers()).containsExactly(longest, "/yamux/1.0.0");
    }

    @Property
    void messagesRoundTrip(
            @ForAll byte[] key,
            @ForAll byte[] signature,
            @ForAll @Size(max = 5) List<@StringLength(max = 50) @AlphaChars String> muxers)
            throws Exception {
        NoisePayload payload = new NoisePayload(Bytes.of(key), Bytes.of(signature), muxers);

        assertThat(NoisePayload.decode(payload.encode())).isEqualTo(payload);
    }

    @Test
    void truncatedPayloadsAreMalformedOrHaveBothFields() {
        Bytes whole =
                NoisePayload.sign(IDENTITY, STATIC_KEY, List.of("/yamux/1.0.0")).encode();
        int withoutExtensions =
                NoisePayload.sign(IDENTITY, STATIC_KEY, List.of()).encode().size();

        for (int length = 0; length < whole.size(); length++) {
            Bytes truncated = whole.slice(0, length);
            if (length != withoutExtensions) {
                assertThatThrownBy(() -> NoisePayload.decode(truncated)).isInstanceOf(MalformedMessageException.class);
            }
        }
    }

    @Property
    void garbageIsRefusedAsMalformedOnly(@ForAll byte[] garbage) {
        Garbage.isMalformedAtWorst(() -> NoisePayload.decode(Bytes.of(garbage)));
    }

    @Property
    void corruptedPayloadsAreRefusedAsMalformedOnly(@ForAll("corrupted") Bytes corrupted) {
        Garbage.isMalformedAtWorst(() -> NoisePayload.decode(corrupted).authenticate(STATIC_KEY));
    }

    @Provide
    Arbitrary<Bytes> corrupted() {
        return Garbage.corrupted(
                NoisePayload.sign(IDENTITY, STATIC_KEY, List.of("/yamux/1.0.0")).encode());
    }
}
