package io.kad.wire.key;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.api.id.Bytes;
import io.kad.wire.KeyVectors;
import io.kad.wire.encoding.MalformedMessageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Files with a private key. */
class IdentityFileFuzzTest {

    private static final Bytes MESSAGE = Bytes.utf8("message");

    @TempDir
    private static Path directory;

    static Stream<byte[]> seeds() {
        return Stream.of("ecdsa-private", "ed25519-private", "secp256k1-private", "rsa-private")
                .map(key -> KeyVectors.get(key).toArray());
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrSignsAndIsWrittenAgain(byte[] input) throws IOException, MalformedMessageException {
        Optional<PrivateKeyIdentity> loaded = load(input);
        if (loaded.isEmpty()) {
            return;
        }
        PrivateKeyIdentity identity = loaded.get();
        PublicKey key = PublicKey.decode(identity.publicKey());
        assertThat(key.peerId()).isEqualTo(identity.peerId());
        assertThat(key.verify(MESSAGE, identity.sign(MESSAGE))).isTrue();
        Bytes written = identity.privateKeyProtobuf();
        PrivateKeyIdentity again = load(written.toArray()).orElseThrow();
        assertThat(again.peerId()).isEqualTo(identity.peerId());
        assertThat(again.privateKeyProtobuf()).isEqualTo(written);
    }

    private static Optional<PrivateKeyIdentity> load(byte[] content) throws IOException {
        Path file = Files.write(directory.resolve("identity.key"), content);
        try {
            Optional<PrivateKeyIdentity> identity = IdentityFile.load(file);
            assertThat(identity).isPresent();
            assertThat(content).hasSizeLessThanOrEqualTo(PrivateKeyIdentity.MAX_ENCODED_BYTES);
            return identity;
        } catch (IOException refused) {
            assertThat(refused).hasCauseInstanceOf(MalformedMessageException.class);
            assertThat(refused.getMessage()).contains(file.toString());
            assertThat(refused.getMessage().lines()).hasSize(1);
            return Optional.empty();
        }
    }
}
