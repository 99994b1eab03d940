package io.kad.wire.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.wire.Garbage;
import io.kad.wire.KeyVectors;
import io.kad.wire.PrivateKeys;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import java.math.BigInteger;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicKeyTest {

    private static final Bytes MESSAGE = Bytes.utf8("a message");
    private static final Bytes OTHER_MESSAGE = Bytes.utf8("another message");

    @ParameterizedTest
    @CsvSource({
        "ed25519, ED25519, 12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq",
        "secp256k1, SECP256K1, 16Uiu2HAmLhLvBoYaoZfaMUKuibM6ac163GwKY74c5kiSLg5KvLpY",
        "ecdsa, ECDSA, QmVMT29id3TUASyfZZ6k9hmNyc2nYabCo4uMSpDw4zrgDk",
        "rsa, RSA, QmaeANgBs1DTSxWSrPPtobgQuxW8XTfsS4ydbK4rCHzqxG"
    })
    void vectorsOfTheSpecificationRoundTrip(String name, KeyType type, String peer) throws Exception {
        Bytes encoded = KeyVectors.get(name + "-public");

        PublicKey key = PublicKey.decode(encoded);

        assertThat(key.type()).isEqualTo(type);
        assertThat(key.encoded()).isEqualTo(encoded);
        assertThat(key.peerId()).hasToString(peer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "secp256k1", "ecdsa", "rsa"})
    void fieldsInAnotherOrderAndUnknownOnesGiveTheSameKey(String name) throws Exception {
        Bytes canonical = KeyVectors.get(name + "-public");
        Bytes type = canonical.slice(0, 2);
        Bytes data = canonical.slice(2, canonical.size());
        Bytes unknown = Bytes.fromHex("1a03616263" + "2001");

        PublicKey key = PublicKey.decode(Bytes.concat(unknown, data, unknown, type));

        assertThat(key.encoded()).isEqualTo(canonical);
        assertThat(key).isEqualTo(PublicKey.decode(canonical));
    }

    @Test
    void anUncompressedSecp256k1KeyHasThePeerIdOfTheCompressedOne() throws Exception {
        PublicKey compressed = PublicKey.decode(KeyVectors.get("secp256k1-public"));
        byte[] point = PrivateKeys.curve("secp256k1")
                .getG()
                .multiply(PrivateKeys.secp256k1(KeyVectors.get("secp256k1-private")))
                .normalize()
                .getEncoded(false);

        PublicKey uncompressed = PublicKey.decode(new KeyEnvelope(KeyType.SECP256K1, Bytes.of(point)).encode());

        assertThat(uncompressed.encoded()).isEqualTo(compressed.encoded());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void secp256k1SignaturesWithHighAndLowSVerify(boolean highS) throws Exception {
        BigInteger scalar = PrivateKeys.secp256k1(KeyVectors.get("secp256k1-private"));
        PublicKey key = PublicKey.decode(KeyVectors.get("secp256k1-public"));

        assertVerifiesOnlyItsMessage(key, PrivateKeys.sign("secp256k1", scalar, MESSAGE, highS));
    }

    @Test
    void ecdsaSignaturesVerify() throws Exception {
        BigInteger scalar = PrivateKeys.ecdsa(KeyVectors.get("ecdsa-private"));
        PublicKey key = PublicKey.decode(KeyVectors.get("ecdsa-public"));

        assertVerifiesOnlyItsMessage(key, PrivateKeys.sign("secp256r1", scalar, MESSAGE, true));
    }

    @ParameterizedTest
    @CsvSource({"secp384r1, 1.3.132.0.34", "secp521r1, 1.3.132.0.35"})
    void ecdsaOnTheLargerNistCurvesVerifies(String curve, String identifier) throws Exception {
        BigInteger scalar = new BigInteger(380, new Random(7));
        byte[] point =
                PrivateKeys.curve(curve).getG().multiply(scalar).normalize().getEncoded(false);
        byte[] info = new SubjectPublicKeyInfo(
                        new AlgorithmIdentifier(
                                X9ObjectIdentifiers.id_ecPublicKey, new ASN1ObjectIdentifier(identifier)),
                        point)
                .getEncoded();
        Bytes encoded = new KeyEnvelope(KeyType.ECDSA, Bytes.of(info)).encode();

        PublicKey key = PublicKey.decode(encoded);

        assertThat(key.encoded()).isEqualTo(encoded);
        assertVerifiesOnlyItsMessage(key, PrivateKeys.sign(curve, scalar, MESSAGE, false));
    }

    @Test
    void rsaSignaturesVerify() throws Exception {
        assertVerifiesOnlyItsMessage(
                PublicKey.decode(KeyVectors.get("rsa-public")),
                PrivateKeys.signRsa(KeyVectors.get("rsa-private"), MESSAGE));
    }

    @Test
    void ed25519SignaturesVerify() throws Exception {
        PrivateKeyIdentity identity = PrivateKeyIdentity.decode(KeyVectors.get("ed25519-private"));

        assertVerifiesOnlyItsMessage(PublicKey.decode(KeyVectors.get("ed25519-public")), identity.sign(MESSAGE));
    }

    private static void assertVerifiesOnlyItsMessage(PublicKey key, Bytes signature) {
        assertThat(key.verify(MESSAGE, signature)).isTrue();
        assertThat(key.verify(OTHER_MESSAGE, signature)).isFalse();
        assertThat(key.verify(MESSAGE, Bytes.EMPTY)).isFalse();
        assertThat(key.verify(MESSAGE, signature.slice(0, signature.size() - 1)))
                .isFalse();
        assertThat(key.verify(MESSAGE, Bytes.concat(signature, Bytes.of((byte) 0))))
                .isFalse();
        byte[] corrupted = signature.toArray();
        corrupted[corrupted.length / 2] ^= 1;
        assertThat(key.verify(MESSAGE, Bytes.of(corrupted))).isFalse();
    }

    @Property
    void invalidSignaturesAreRefusedWithoutAnException(@ForAll byte[] signature) throws Exception {
        for (String name : new String[] {"ed25519", "secp256k1", "ecdsa", "rsa"}) {
            assertThat(PublicKey.decode(KeyVectors.get(name + "-public")).verify(MESSAGE, Bytes.of(signature)))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"2040, false", "2048, true", "8192, true", "8200, false"})
    void rsaKeysAreAcceptedFrom2048To8192Bits(int bits, boolean accepted) throws Exception {
        Bytes encoded = rsa(BigInteger.ONE.shiftLeft(bits - 1).setBit(0), BigInteger.valueOf(65537));

        if (accepted) {
            assertThat(PublicKey.decode(encoded).encoded()).isEqualTo(encoded);
        } else {
            assertRefused(() -> PublicKey.decode(encoded));
        }
    }

    @Test
    void rsaKeysWithAnExponentThatMakesCheckingSlowAreRefused() throws Exception {
        BigInteger modulus = BigInteger.ONE.shiftLeft(2047).setBit(0);

        assertRefused(
                () -> PublicKey.decode(rsa(modulus, BigInteger.ONE.shiftLeft(31).setBit(0))));
        assertRefused(() -> PublicKey.decode(rsa(modulus, BigInteger.valueOf(65539))));
        assertThat(PublicKey.decode(rsa(modulus, BigInteger.valueOf(65537))).type())
                .isEqualTo(KeyType.RSA);
    }

    private static Bytes rsa(BigInteger modulus, BigInteger exponent) throws Exception {
        byte[] info = new SubjectPublicKeyInfo(
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                        new RSAPublicKey(modulus, exponent))
                .getEncoded();
        return new KeyEnvelope(KeyType.RSA, Bytes.of(info)).encode();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // neither field
                "0801", // no data
                "12201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e", // no type
            })
    void aKeyWithoutTypeOrDataIsRefused(String hex) {
        assertThatThrownBy(() -> PublicKey.decode(Bytes.fromHex(hex)))
                .isInstanceOfSatisfying(
                        MalformedMessageException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.MISSING_FIELD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "080412201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e", // type 4
                "0801121f1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce2", // 31 bytes
                "08011220feffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // no point
                "0802122103ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", // no point
                "08021221057777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99", // neither form
                "0802120100", // the point at infinity
                "08021200",
                "08031200",
                "08001200",
            })
    void anInvalidKeyIsRefused(String hex) {
        assertRefused(() -> PublicKey.decode(Bytes.fromHex(hex)));
    }

    @Test
    void aKeyOverTheSizeLimitIsRefused() {
        Bytes longest = new KeyEnvelope(KeyType.RSA, Bytes.of(new byte[PublicKey.MAX_ENCODED_BYTES])).encode();

        assertRefused(() -> PublicKey.decode(longest));
    }

    private static void assertRefused(ThrowingCallable decoding) {
        assertThatThrownBy(decoding)
                .isInstanceOfSatisfying(
                        MalformedMessageException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.BAD_IDENTITY_KEY));
    }

    @Property
    void garbageIsRefusedAsMalformedOnly(@ForAll byte[] garbage) {
        Garbage.isMalformedAtWorst(() -> PublicKey.decode(Bytes.of(garbage)));
    }

    @Property
    void keysWithGarbageInsideAreRefusedAsMalformedOnly(@ForAll KeyType type, @ForAll byte[] garbage) {
        Garbage.isMalformedAtWorst(() -> PublicKey.decode(new KeyEnvelope(type, Bytes.of(garbage)).encode()));
    }

    @Property
    void keysWithFlippedBytesAreRefusedAsMalformedOnly(@ForAll("rsa") Bytes corrupted) {
        Garbage.isMalformedAtWorst(() -> PublicKey.decode(corrupted));
    }

    @Provide
    Arbitrary<Bytes> rsa() {
        return Garbage.corrupted(KeyVectors.get("rsa-public"), KeyVectors.get("ecdsa-public"));
    }
}
