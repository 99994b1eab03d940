package io.kad.wire.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.wire.Garbage;
import io.kad.wire.KeyVectors;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeyIdentityTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Map<KeyType, PrivateKeyIdentity> IDENTITIES = new EnumMap<>(KeyType.class);

    private static synchronized PrivateKeyIdentity identity(KeyType type) {
        return IDENTITIES.computeIfAbsent(type, key -> PrivateKeyIdentity.generate(key, RANDOM));
    }

    private static PublicKey publicKey(PrivateKeyIdentity identity) throws MalformedMessageException {
        return PublicKey.decode(identity.publicKey());
    }

    private static Bytes protobuf(KeyType type, byte[] data) {
        return new KeyEnvelope(type, Bytes.of(data)).encode();
    }

    private static byte[] dataOf(String vector) throws MalformedMessageException {
        return KeyEnvelope.decode(KeyVectors.get(vector), PrivateKeyIdentity.MAX_ENCODED_BYTES)
                .data()
                .toArray();
    }

    /** The keys of the specification's appendix. */
    @ParameterizedTest
    @CsvSource({
        "ed25519, Ed25519, 12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq"
                + ", bafzaajaiaejcahwr5d5ofrfbis4l5d6uwr57hu5tjodrypfm6yaq6dsc2r2pzyt6",
        "secp256k1, Secp256k1, 16Uiu2HAmLhLvBoYaoZfaMUKuibM6ac163GwKY74c5kiSLg5KvLpY"
                + ", bafzaajiiaijcca3xo7uzjzcsyilaj6i54cj44qk7kqzpoao5rti2pjx6udtdbp6kte",
        "ecdsa, ECDSA, QmVMT29id3TUASyfZZ6k9hmNyc2nYabCo4uMSpDw4zrgDk"
                + ", bafzbeidigywdclqvl5hxfefwp5onbffcfife7pza57mmfb4tiqmtkdjw64",
        "rsa, RSA, QmaeANgBs1DTSxWSrPPtobgQuxW8XTfsS4ydbK4rCHzqxG"
                + ", bafzbeifwzcumbiyql7bhv7fe7mixg6i7aohegq75k234m63bnw6dbicmzu"
    })
    void theVectorsOfTheSpecificationRoundTrip(String name, String type, String peer, String cid) throws Exception {
        Bytes stored = KeyVectors.get(name + "-private");

        PrivateKeyIdentity identity = PrivateKeyIdentity.decode(stored);

        assertThat(identity.type()).hasToString(type);
        assertThat(identity.publicKey()).isEqualTo(KeyVectors.get(name + "-public"));
        assertThat(identity.privateKeyProtobuf()).isEqualTo(stored);
        assertThat(identity.peerId()).hasToString(peer);
        assertThat(identity.peerId().toCid()).isEqualTo(cid);
        Bytes message = Bytes.utf8("a message");
        assertThat(publicKey(identity).verify(message, identity.sign(message))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aGeneratedKeyIsOfItsTypeAndRoundTrips(KeyType type) throws Exception {
        PrivateKeyIdentity identity = PrivateKeyIdentity.generate(type, RANDOM);

        PrivateKeyIdentity restored = PrivateKeyIdentity.decode(identity.privateKeyProtobuf());

        assertThat(identity.type()).isEqualTo(type);
        assertThat(restored.type()).isEqualTo(type);
        assertThat(restored.peerId()).isEqualTo(identity.peerId());
        assertThat(restored.privateKeyProtobuf()).isEqualTo(identity.privateKeyProtobuf());
        assertThat(publicKey(identity).type()).isEqualTo(type);
        assertThat(publicKey(identity).encoded()).isEqualTo(identity.publicKey());
        assertThat(identity.peerId()).isNotEqualTo(identity(type).peerId());
    }

    @ParameterizedTest
    @EnumSource
    void toStringContainsOnlyThePeerId(KeyType type) {
        assertThat(identity(type)).hasToString(identity(type).peerId().toString());
    }

    @Property(tries = 200)
    void signaturesVerifyForTheirMessageAndKeyAlone(
            @ForAll KeyType type, @ForAll byte[] message, @ForAll @NotEmpty byte[] change, @ForAll @IntRange int at)
            throws Exception {
        Bytes signed = Bytes.of(message);
        Bytes signature = identity(type).sign(signed);
        byte[] tampered = signature.toArray();
        tampered[Math.floorMod(at, tampered.length)] ^= (change[0] == 0 ? 1 : change[0]);
        PublicKey key = publicKey(identity(type));

        assertThat(key.verify(signed, signature)).isTrue();
        assertThat(key.verify(Bytes.concat(signed, Bytes.of(change)), signature))
                .isFalse();
        assertThat(key.verify(signed, Bytes.of(tampered))).isFalse();
        for (KeyType other : KeyType.values()) {
            if (other != type) {
                assertThat(publicKey(identity(other)).verify(signed, signature)).isFalse();
            }
        }
    }

    @Property(tries = 100)
    void curveSignaturesHaveALowSAndTheOtherOneIsAcceptedToo(@ForAll byte[] message) throws Exception {
        assertLowS(KeyType.SECP256K1, EllipticCurve.SECP256K1, Bytes.of(message));
        assertLowS(KeyType.ECDSA, EllipticCurve.P256, Bytes.of(message));
    }

    private static void assertLowS(KeyType type, EllipticCurve curve, Bytes message) throws Exception {
        BigInteger order = curve.parameters().getN();
        Bytes signature = identity(type).sign(message);
        BigInteger[] numbers = StandardDSAEncoding.INSTANCE.decode(order, signature.toArray());
        byte[] high = StandardDSAEncoding.INSTANCE.encode(order, numbers[0], order.subtract(numbers[1]));

        assertThat(numbers[1]).isLessThanOrEqualTo(order.shiftRight(1));
        assertThat(publicKey(identity(type)).verify(message, Bytes.of(high))).isTrue();
        assertThat(identity(type).sign(message)).isEqualTo(signature);
    }

    /** RFC 6979, A.2.5: the signature of "sample" with SHA-256 on P-256; its S is high, so that the other one is made. */
    @Test
    void curveSignaturesAreThoseOfRfc6979() throws Exception {
        BigInteger order = EllipticCurve.P256.parameters().getN();
        BigInteger scalar = new BigInteger("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", 16);
        byte[] sec1 = new ECPrivateKey(256, scalar, SECObjectIdentifiers.secp256r1).getEncoded();

        Bytes signature =
                PrivateKeyIdentity.decode(protobuf(KeyType.ECDSA, sec1)).sign(Bytes.utf8("sample"));

        BigInteger r = new BigInteger("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716", 16);
        BigInteger s = new BigInteger("F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8", 16);
        assertThat(StandardDSAEncoding.INSTANCE.decode(order, signature.toArray()))
                .containsExactly(r, order.subtract(s));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void ecdsaKeysInPkcs8AndOnLargerCurvesAreRead(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        var pair = generator.generateKeyPair();

        PrivateKeyIdentity identity = PrivateKeyIdentity.decode(
                protobuf(KeyType.ECDSA, pair.getPrivate().getEncoded()));

        assertThat(identity.publicKey())
                .isEqualTo(protobuf(KeyType.ECDSA, pair.getPublic().getEncoded()));
        assertThat(PrivateKeyIdentity.decode(identity.privateKeyProtobuf()).peerId())
                .isEqualTo(identity.peerId());
        Bytes message = Bytes.utf8("a message");
        assertThat(publicKey(identity).verify(message, identity.sign(message))).isTrue();
    }

    @Test
    void anEcdsaKeyWithoutItsPublicPartIsCompleted() throws Exception {
        ECPrivateKey whole = ECPrivateKey.getInstance(dataOf("ecdsa-private"));
        byte[] bare = new ECPrivateKey(256, whole.getKey(), SECObjectIdentifiers.secp256r1).getEncoded();

        assertThat(PrivateKeyIdentity.decode(protobuf(KeyType.ECDSA, bare)).privateKeyProtobuf())
                .isEqualTo(KeyVectors.get("ecdsa-private"));
    }

    @Test
    void ecdsaKeysThatDoNotFitTogetherAreRefused() throws Exception {
        ECPrivateKey whole = ECPrivateKey.getInstance(dataOf("ecdsa-private"));
        BigInteger order = EllipticCurve.P256.parameters().getN();

        assertRefused(
                KeyType.ECDSA,
                new ECPrivateKey(
                                256,
                                whole.getKey().add(BigInteger.ONE),
                                whole.getPublicKey(),
                                SECObjectIdentifiers.secp256r1)
                        .getEncoded(),
                "public part of the ECDSA private key does not match it");
        for (BigInteger outside : List.of(BigInteger.ZERO, order)) {
            assertRefused(
                    KeyType.ECDSA,
                    new ECPrivateKey(256, outside, SECObjectIdentifiers.secp256r1).getEncoded(),
                    "private key is 0 or exceeds the order of its curve");
        }
        String expected = "invalid ECDSA private key: expected SEC 1 or PKCS #8 of a key on P-256, P-384 or P-521";
        assertRefused(
                KeyType.ECDSA,
                new ECPrivateKey(256, whole.getKey(), SECObjectIdentifiers.secp256k1).getEncoded(),
                expected);
        assertRefused(KeyType.ECDSA, new ECPrivateKey(256, whole.getKey()).getEncoded(), expected);
        assertRefused(
                KeyType.ECDSA,
                new PrivateKeyInfo(
                                new AlgorithmIdentifier(
                                        X9ObjectIdentifiers.id_dsa_with_sha1, SECObjectIdentifiers.secp256r1),
                                whole)
                        .getEncoded(),
                expected);
    }

    @Test
    void secp256k1ScalarsOutsideTheCurveAreRefused() {
        byte[] order = Bytes.fromHex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
                .toArray();

        assertRefused(KeyType.SECP256K1, new byte[32], "private key is 0 or exceeds the order of its curve");
        assertRefused(KeyType.SECP256K1, order, "private key is 0 or exceeds the order of its curve");
        assertRefused(KeyType.SECP256K1, new byte[31], "Secp256k1 private key must have 32 bytes, got 31");
    }

    @Test
    void rsaKeysOfRefusedSizesAreRefused() throws Exception {
        assertRefused(KeyType.RSA, rsa(1024), "RSA modulus must have 2048 to 8192 bits, got 1024");
        BigInteger huge = BigInteger.ONE.shiftLeft(8192);
        assertRefused(
                KeyType.RSA,
                new RSAPrivateKey(
                                huge,
                                BigInteger.valueOf(3),
                                BigInteger.TWO,
                                BigInteger.TWO,
                                huge,
                                BigInteger.TWO,
                                BigInteger.TWO,
                                BigInteger.TWO)
                        .getEncoded(),
                "RSA modulus must have 2048 to 8192 bits, got 8193");
    }

    private static byte[] rsa(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return PrivateKeyInfo.getInstance(
                        generator.generateKeyPair().getPrivate().getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
    }

    @ParameterizedTest
    @ValueSource(ints = {3072, 4096})
    void rsaKeysOfOtherSizesAreRead(int bits) throws Exception {
        PrivateKeyIdentity identity = PrivateKeyIdentity.decode(protobuf(KeyType.RSA, rsa(bits)));

        Bytes message = Bytes.utf8("a message");
        assertThat(publicKey(identity).verify(message, identity.sign(message))).isTrue();
    }

    @Test
    void rsaKeysWhoseNumbersDoNotBelongTogetherAreRefused() throws Exception {
        RSAPrivateKey whole = RSAPrivateKey.getInstance(dataOf("rsa-private"));
        for (int wrong = 0; wrong < 8; wrong++) {
            BigInteger[] numbers = {
                whole.getModulus(),
                whole.getPublicExponent(),
                whole.getPrivateExponent(),
                whole.getPrime1(),
                whole.getPrime2(),
                whole.getExponent1(),
                whole.getExponent2(),
                whole.getCoefficient()
            };
            numbers[wrong] = numbers[wrong].subtract(BigInteger.TWO);
            byte[] encoded = new RSAPrivateKey(
                            numbers[0],
                            numbers[1],
                            numbers[2],
                            numbers[3],
                            numbers[4],
                            numbers[5],
                            numbers[6],
                            numbers[7])
                    .getEncoded();

            assertRefused(KeyType.RSA, encoded, "invalid RSA private key: its numbers do not belong together");
        }
        RSAPrivateKey withoutPrimes = new RSAPrivateKey(
                whole.getModulus(),
                whole.getPublicExponent(),
                whole.getPrivateExponent(),
                BigInteger.ONE,
                whole.getModulus(),
                BigInteger.ZERO,
                whole.getExponent2(),
                BigInteger.ZERO);
        assertRefused(
                KeyType.RSA, withoutPrimes.getEncoded(), "invalid RSA private key: its numbers do not belong together");
    }

    @Test
    void publicKeysAndTextAreRefusedInOneLine() {
        assertThatThrownBy(() -> PrivateKeyIdentity.decode(KeyVectors.get("rsa-public")))
                .hasMessage("invalid RSA private key: expected PKCS #1");
        assertThatThrownBy(() -> PrivateKeyIdentity.decode(KeyVectors.get("ecdsa-public")))
                .hasMessageStartingWith("invalid ECDSA private key: expected SEC 1");
        assertThatThrownBy(() -> PrivateKeyIdentity.decode(Bytes.utf8("-----BEGIN")))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void aKeyOverTheSizeLimitIsRefused() {
        assertThatThrownBy(() -> PrivateKeyIdentity.decode(
                        protobuf(KeyType.RSA, new byte[PrivateKeyIdentity.MAX_ENCODED_BYTES])))
                .hasMessageContaining("exceeds the limit of 8192");
    }

    @ParameterizedTest
    @EnumSource
    void deeplyNestedDerIsRefused(KeyType type) {
        byte[] nested = new byte[8000];
        for (int at = 0; at < nested.length; at += 4) {
            int rest = nested.length - at - 4;
            nested[at] = 0x30;
            nested[at + 1] = (byte) 0x82;
            nested[at + 2] = (byte) (rest >> 8);
            nested[at + 3] = (byte) rest;
        }
        byte[] indefinite = new byte[8000];
        for (int at = 0; at < indefinite.length; at += 2) {
            indefinite[at] = 0x30;
            indefinite[at + 1] = (byte) 0x80;
        }
        for (byte[] data : List.of(nested, indefinite)) {
            assertThatThrownBy(() -> PrivateKeyIdentity.decode(protobuf(type, data)))
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    private static void assertRefused(KeyType type, byte[] data, String message) {
        assertThatThrownBy(() -> PrivateKeyIdentity.decode(protobuf(type, data)))
                .isInstanceOfSatisfying(
                        MalformedMessageException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.BAD_IDENTITY_KEY))
                .hasMessage(message);
    }

    @Property
    void garbageIsRefusedAsMalformedOnly(@ForAll byte[] garbage) {
        Garbage.isMalformedAtWorst(() -> PrivateKeyIdentity.decode(Bytes.of(garbage)));
    }

    @Property
    void keysWithGarbageInsideAreRefusedAsMalformedOnly(@ForAll KeyType type, @ForAll byte[] garbage) {
        Garbage.isMalformedAtWorst(() -> PrivateKeyIdentity.decode(protobuf(type, garbage)));
    }

    @Property
    void corruptedKeysAreRefusedAsMalformedOnly(@ForAll("corrupted") Bytes corrupted) {
        Garbage.isMalformedAtWorst(() -> PrivateKeyIdentity.decode(corrupted));
    }

    @Provide
    Arbitrary<Bytes> corrupted() {
        return Garbage.corrupted(
                KeyVectors.get("ed25519-private"),
                KeyVectors.get("secp256k1-private"),
                KeyVectors.get("ecdsa-private"),
                KeyVectors.get("rsa-private"));
    }
}
