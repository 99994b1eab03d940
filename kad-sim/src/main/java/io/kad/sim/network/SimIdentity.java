package io.kad.sim.network;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import java.util.random.RandomGenerator;

/** An identity in a simulation, where nobody has to prove anything: a random key that signs nothing of worth. */
public final class SimIdentity implements Identity {

    private static final int KEY_BYTES = 36;

    private final Bytes publicKey;
    private final PeerId peerId;

    public SimIdentity(RandomGenerator random) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        this.publicKey = Bytes.of(key);
        this.peerId = PeerId.fromPublicKey(publicKey);
    }

    @Override
    public PeerId peerId() {
        return peerId;
    }

    @Override
    public Bytes publicKey() {
        return publicKey;
    }

    @Override
    public Bytes sign(Bytes message) {
        return Bytes.EMPTY;
    }
}
