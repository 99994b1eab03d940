package io.kad.wire.key;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Format of the keys of one type.
 *
 * @param publicKey reads a public key
 * @param privateKey reads a private key
 * @param generator makes a new private key
 */
record KeyFormat(
        Reader<VerifyingKey> publicKey,
        Reader<PrivateKeyIdentity> privateKey,
        Function<SecureRandom, PrivateKeyIdentity> generator) {

    /** Reader of a key in the encoding of its type, without the protobuf message around it. */
    interface Reader<K> {
        K read(Bytes data) throws MalformedMessageException;
    }

    private static final Map<KeyType, KeyFormat> FORMATS = new EnumMap<>(Map.of(
            KeyType.RSA, new KeyFormat(RsaKey::parse, RsaIdentity::parse, RsaIdentity::generate),
            KeyType.ED25519, new KeyFormat(Ed25519Key::parse, Ed25519Identity::parse, Ed25519Identity::generate),
            KeyType.SECP256K1,
                    new KeyFormat(
                            EllipticCurveKey::parseSecp256k1,
                            EllipticCurveIdentity::parseSecp256k1,
                            EllipticCurveIdentity::generateSecp256k1),
            KeyType.ECDSA,
                    new KeyFormat(
                            EllipticCurveKey::parseEcdsa,
                            EllipticCurveIdentity::parseEcdsa,
                            EllipticCurveIdentity::generateEcdsa)));

    static KeyFormat of(KeyType type) {
        return requireNonNull(FORMATS.get(type), "type");
    }
}
