package io.kad.sim.network;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import java.util.random.RandomGenerator;

/** Identity of a simulated peer: a random public key, without the ability to sign; simulated peers verify no signatures. */
public final class SimIdentity implements Identity {

    private static final int KEY_BYTES = 36;

    private final PeerId peerId;

    /** Creates an identity from the next random bytes. */
    public SimIdentity(RandomGenerator random) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        this.peerId = PeerId.fromPublicKey(Bytes.of(key));
    }

    @Override
    public PeerId peerId() {
        return peerId;
    }

    @Override
    public Bytes publicKey() {
        return peerId.inlinePublicKey().orElseThrow();
    }

    @Override
    public Bytes sign(Bytes message) {
        return Bytes.EMPTY;
    }
}
