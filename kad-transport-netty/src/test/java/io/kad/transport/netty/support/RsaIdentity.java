package io.kad.transport.netty.support;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.UnsignedVarint;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;

/** Identity with an RSA key, whose signatures cost most to check. */
public final class RsaIdentity implements Identity {

    private final KeyPair keys;

    /** Creates an identity with a new key of {@code bits} bits. */
    public RsaIdentity(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public PeerId peerId() {
        return PeerId.fromPublicKey(publicKey());
    }

    @Override
    public Bytes publicKey() {
        Bytes info = Bytes.of(keys.getPublic().getEncoded());
        return Bytes.concat(Bytes.of((byte) 8, (byte) 0, (byte) 0x12), UnsignedVarint.encode(info.size()), info);
    }

    @Override
    public Bytes sign(Bytes message) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(message.toArray());
            return Bytes.of(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
