package io.kad.wire.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.wire.KeyVectors;
import io.kad.wire.encoding.MalformedMessageException;
import java.security.SecureRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Ed25519IdentityTest {

    /** RFC 8032, section 7.1, test 2. */
    @Test
    void signaturesMatchRfc8032() {
        Ed25519Identity identity = Ed25519Identity.fromSeed(
                Bytes.fromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));

        assertThat(identity.publicKey().hex())
                .isEqualTo("08011220" + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        assertThat(identity.sign(Bytes.fromHex("72")).hex())
                .isEqualTo("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    }

    @Test
    void theLegacyFormatWithThePublicKeyTwiceIsTheSameIdentity() throws Exception {
        Bytes data = KeyEnvelope.decode(KeyVectors.get("ed25519-private"), 128).data();
        Bytes old = new KeyEnvelope(KeyType.ED25519, Bytes.concat(data, data.slice(32, 64))).encode();

        assertThat(PrivateKeyIdentity.decode(old).privateKeyProtobuf()).isEqualTo(KeyVectors.get("ed25519-private"));
    }

    @Test
    void aMismatchedPublicPartIsRefused() throws Exception {
        Bytes data = KeyEnvelope.decode(KeyVectors.get("ed25519-private"), 128).data();
        Bytes other = new KeyEnvelope(KeyType.ED25519, Bytes.concat(data.slice(0, 32), data.slice(0, 32))).encode();
        Bytes otherTwice = new KeyEnvelope(KeyType.ED25519, Bytes.concat(data, data.slice(0, 32))).encode();

        assertThatThrownBy(() -> PrivateKeyIdentity.decode(other))
                .hasMessage("public part of the Ed25519 private key does not match it");
        assertThatThrownBy(() -> PrivateKeyIdentity.decode(otherTwice))
                .hasMessage("public part of the Ed25519 private key does not match it");
    }

    @Test
    void keysOfOtherLengthsAreRefusedInOneClearLine() {
        assertThatThrownBy(() -> PrivateKeyIdentity.decode(KeyVectors.get("ed25519-public")))
                .hasMessage("Ed25519 private key must have 64 bytes, got 32");
        assertThatThrownBy(() -> PrivateKeyIdentity.decode(Bytes.utf8("-----BEGIN")))
                .isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> Ed25519Identity.fromSeed(Bytes.utf8("short")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Ed25519 seed must have 32 bytes, got 5");
    }

    @Test
    void twoGeneratedIdentitiesDiffer() {
        SecureRandom random = new SecureRandom();

        assertThat(Ed25519Identity.generate(random).peerId())
                .isNotEqualTo(Ed25519Identity.generate(random).peerId());
    }

    @Property
    void identitiesRoundTripAndTheirSignaturesVerify(@ForAll @Size(32) byte[] seed, @ForAll byte[] message)
            throws Exception {
        Ed25519Identity identity = Ed25519Identity.fromSeed(Bytes.of(seed));
        PrivateKeyIdentity restored = PrivateKeyIdentity.decode(identity.privateKeyProtobuf());
        PublicKey key = PublicKey.decode(identity.publicKey());

        assertThat(restored.peerId()).isEqualTo(identity.peerId()).isEqualTo(key.peerId());
        assertThat(key.verify(Bytes.of(message), restored.sign(Bytes.of(message))))
                .isTrue();
    }
}
