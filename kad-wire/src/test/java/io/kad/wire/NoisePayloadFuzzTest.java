package io.kad.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.api.id.Bytes;
import io.kad.wire.key.Ed25519Identity;
import io.kad.wire.key.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Payloads of Noise handshakes, and the public keys in them. */
class NoisePayloadFuzzTest {

    private static final Bytes STATIC_KEY = Bytes.of(new byte[32]);

    static Stream<byte[]> seeds() {
        Ed25519Identity identity = Ed25519Identity.fromSeed(Bytes.of(new byte[32]));
        return Stream.concat(
                Stream.of(NoisePayload.sign(identity, STATIC_KEY, List.of("/yamux/1.0.0", "/mplex/6.7.0"))
                        .encode()
                        .toArray()),
                Stream.of("ecdsa-public", "ed25519-public", "secp256k1-public", "rsa-public")
                        .map(key -> new NoisePayload(KeyVectors.get(key), Bytes.of(new byte[64]), List.of())
                                .encode()
                                .toArray()));
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrRoundTrips(byte[] input) {
        Optional<NoisePayload> decoded = Decoded.of(Bytes.of(input), NoisePayload::decode);
        if (decoded.isEmpty()) {
            return;
        }
        NoisePayload payload = decoded.get();
        assertThat(payload.streamMuxers())
                .hasSizeLessThanOrEqualTo(NoisePayload.MAX_STREAM_MUXERS)
                .allSatisfy(muxer -> assertThat(muxer.getBytes(StandardCharsets.UTF_8))
                        .hasSizeLessThanOrEqualTo(NoisePayload.MAX_MUXER_BYTES));
        assertThat(Decoded.of(payload.encode(), NoisePayload::decode)).contains(payload);
        Optional<PublicKey> key = Decoded.of(payload.identityKey(), PublicKey::decode);
        if (key.isPresent()) {
            assertThat(key.get().encoded().size()).isLessThanOrEqualTo(PublicKey.MAX_ENCODED_BYTES);
            assertThat(Decoded.of(key.get().encoded(), PublicKey::decode)).contains(key.get());
            Decoded.of(STATIC_KEY, payload::authenticate);
        }
    }
}
