package io.kad.wire.key;

import java.util.Optional;

/** Type of the key of a peer; the numbers are those of the wire format. */
public enum KeyType {
    /** RSA of 2048 to 8192 bits, PKCS #1 v1.5 signatures of SHA-256. */
    RSA(0, "RSA"),
    /** Ed25519 of RFC 8032. */
    ED25519(1, "Ed25519"),
    /** ECDSA on secp256k1, DER signatures of SHA-256. */
    SECP256K1(2, "Secp256k1"),
    /** ECDSA on P-256, P-384 or P-521, DER signatures of SHA-256. */
    ECDSA(3, "ECDSA");

    private final int number;
    private final String specificationName;

    KeyType(int number, String specificationName) {
        this.number = number;
        this.specificationName = specificationName;
    }

    /** Returns the number of this type in the wire format. */
    public int number() {
        return number;
    }

    static Optional<KeyType> of(long number) {
        for (KeyType type : values()) {
            if (type.number == number) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Returns the name of this type in the specification, such as {@code Secp256k1}. */
    @Override
    public String toString() {
        return specificationName;
    }
}
