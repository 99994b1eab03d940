package io.kad.transport.netty.support;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import java.util.Random;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Ed25519 identity derived from a number. */
public final class TestIdentity implements Identity {
    private final byte[] privateKey = new byte[Ed25519.SECRET_KEY_SIZE];
    private final Bytes publicKey;

    /** Creates the identity of {@code number}. */
    public TestIdentity(long number) {
        new Random(number).nextBytes(privateKey);
        byte[] key = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(privateKey, 0, key, 0);
        publicKey = Bytes.concat(Bytes.of((byte) 8, (byte) 1, (byte) 0x12, (byte) 0x20), Bytes.of(key));
    }

    @Override
    public PeerId peerId() {
        return PeerId.fromPublicKey(publicKey);
    }

    @Override
    public Bytes publicKey() {
        return publicKey;
    }

    @Override
    public Bytes sign(Bytes message) {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(privateKey, 0, message.toArray(), 0, message.size(), signature, 0);
        return Bytes.of(signature);
    }
}
